package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilitiesTest {

    @Test
    void shouldKnowEveryExtensionThatIsUsed() {
        Capabilities testee = offering(
                "PIPELINING",
                "SIZE 1000",
                "8BITMIME",
                "CHUNKING",
                "SMTPUTF8",
                "DSN",
                "ENHANCEDSTATUSCODES",
                "MT-PRIORITY STANAG4406",
                "STARTTLS",
                "AUTH PLAIN login");

        assertThat(testee.pipelining()).isTrue();
        assertThat(testee.size()).isTrue();
        assertThat(testee.sizeLimit()).hasValue(1000);
        assertThat(testee.eightBitMime()).isTrue();
        assertThat(testee.chunking()).isTrue();
        assertThat(testee.smtpUtf8()).isTrue();
        assertThat(testee.dsn()).isTrue();
        assertThat(testee.enhancedStatusCodes()).isTrue();
        assertThat(testee.mtPriority()).isTrue();
        assertThat(testee.startTls()).isTrue();
        assertThat(testee.authMechanisms()).containsExactly("PLAIN", "LOGIN");
    }

    @Test
    void shouldOfferNothingWithoutKeywords() {
        Capabilities testee = offering();

        assertThat(testee).isEqualTo(Capabilities.NONE);
        assertThat(testee.startTls()).isFalse();
        assertThat(testee.authMechanisms()).isEmpty();
    }

    @Test
    void shouldNotTakeTheGreetingForAKeyword() {
        assertThat(Capabilities.of(SmtpReply.of(250, List.of("STARTTLS"))).startTls())
                .isFalse();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "SIZE 1000, 1000, the limit",
        "SIZE, -1, none named",
        "SIZE 0, -1, 0 means no fixed limit (RFC 1870 §4)",
        "SIZE x, -1, no number",
        "SIZE -5, -1, no number of octets",
        "SIZE 99999999999999999999999, -1, beyond every message",
        "size 7, 7, keywords ignore case (RFC 5321 §2.4)"
    })
    void shouldReadSizeLimit(String line, long expected, String why) {
        OptionalLong limit = offering(line).sizeLimit();

        assertThat(limit.orElse(-1)).as(why).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTH PLAIN  LOGIN       | PLAIN,LOGIN | two spaces",
                "AUTH=LOGIN PLAIN        | LOGIN,PLAIN | the old form",
                "auth plain              | PLAIN       | ignoring case",
                "AUTHENTICATE PLAIN      | ''          | another keyword",
            })
    void shouldReadMechanisms(String line, String expected, String why) {
        assertThat(String.join(",", offering(line).authMechanisms())).as(why).isEqualTo(expected);
    }

    @Test
    void shouldJoinBothFormsOfAuth() {
        assertThat(offering("AUTH PLAIN LOGIN", "AUTH=PLAIN CRAM-MD5").authMechanisms())
                .containsExactly("PLAIN", "LOGIN", "CRAM-MD5");
    }

    private static Capabilities offering(String... lines) {
        List<String> all = new ArrayList<>(List.of("mx.bank.example"));
        all.addAll(List.of(lines));
        return Capabilities.of(SmtpReply.of(250, all));
    }
}
