package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jamestls.policy.InvalidValueException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EnvelopeAddressTest {

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "bob@bank.example            | bob@bank.example            | the usual address",
                "Bob@BANK.example            | Bob@bank.example            | the local part keeps its case (RFC 5321 §2.4)",
                "b.o+tag=x/y@bank.example    | b.o+tag=x/y@bank.example    | atext (RFC 5322 §3.2.3)",
                "a..b.@bank.example          | a..b.@bank.example          | dots that RFC 5321 forbids and hosts have",
                "\"a b\"@bank.example        | \"a b\"@bank.example        | a space inside quotes",
                "\"a>b<\"@bank.example       | \"a>b<\"@bank.example       | angle brackets inside quotes",
                "\"a@b\"@bank.example        | \"a@b\"@bank.example        | an at sign inside quotes",
                "\"a\\\"b\\\\\"@bank.example | \"a\\\"b\\\\\"@bank.example | quoted pairs",
                "\"\"@bank.example           | \"\"@bank.example           | nothing inside quotes",
                "bob@[192.0.2.1]             | bob@[192.0.2.1]             | an IPv4 literal",
                "bob@[IPv6:2001:db8::1]      | bob@[IPv6:2001:db8:0:0:0:0:0:1] | an IPv6 literal",
                "bob@b\u00fccher.example     | bob@xn--bcher-kva.example   | a U-label, which needs no SMTPUTF8 as an A-label",
                "b\u00f6b@bank.example       | b\u00f6b@bank.example       | a local part that needs SMTPUTF8",
                "a_b@under_score.example     | a_b@under_score.example     | an underscore, as the DNS allows",
            })
    void shouldParse(String written, String expected, String why) {
        assertThat(EnvelopeAddress.parse(written)).as(why).hasToString(expected);
    }

    static String[][] dangerous() {
        return new String[][] {
            {"bob@bank.example\r\nRCPT TO:<eve@evil.example>", "a second command"},
            {"bob\r\nDATA\r\n@bank.example", "a command in the local part"},
            {"bob\n@bank.example", "LF alone"},
            {"bob\r@bank.example", "CR alone"},
            {"\"bob\r\nRSET\r\n\"@bank.example", "a line break inside quotes"},
            {"\"bob\\\r\nRSET\"@bank.example", "a quoted line break"},
            {"bob\0@bank.example", "NUL"},
            {"\"bob\0\"@bank.example", "NUL inside quotes"},
            {"bob\u0085@bank.example", "a C1 line end"},
            {"bob\u2028@bank.example", "a line separator"},
            {"\"bob\u2028\"@bank.example", "a line separator inside quotes"},
            {"\"bob\u202e\"@bank.example", "a mark that turns the direction"},
            {"bob> SIZE=1@bank.example", "the closing bracket"},
            {"bob@bank.example> NOTIFY=NEVER", "a parameter behind the domain"},
            {"<bob@bank.example", "an opening bracket"},
            {"bob @bank.example", "a space"},
            {"\"bob\" x@bank.example", "text behind the quotes"},
            {"\"bob@bank.example", "quotes that do not end"},
            {"\"bo\"b\"@bank.example", "a quote inside quotes"},
            {"@relay.example:bob@bank.example", "a source route"},
            {"bob,eve@bank.example", "two addresses"},
            {"@bank.example", "no local part"},
            {"bob@", "no domain"},
            {"bob", "no at sign"},
            {"", "nothing"},
            {"bob@[192.0.2.1] X", "text behind a literal"},
            {"bob@[192.0.2.1\r\n]", "a line break in a literal"},
            {"bob@bank.example\r\n", "a line break at the end"},
            {"\ud800@bank.example", "half a surrogate pair"},
        };
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("dangerous")
    void shouldRejectWhatWouldLeaveItsCommand(String written, String why) {
        assertThatThrownBy(() -> EnvelopeAddress.parse(written)).as(why).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @CsvSource({"bob@bank.example, false", "b\u00f6b@bank.example, true", "bob@b\u00fccher.example, false"})
    void shouldKnowWhetherSmtpUtf8IsNeeded(String written, boolean expected) {
        assertThat(EnvelopeAddress.parse(written).needsSmtpUtf8()).isEqualTo(expected);
    }
}
