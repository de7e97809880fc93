package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamestls.smtp.Sessions.address;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jamestls.policy.Host;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.IpAddress;
import org.jamestls.smtp.Recipient.Notify;
import org.jamestls.smtp.Recipient.OriginalRecipient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    @Test
    void shouldRejectEnvelopeWithoutRecipient() {
        assertThatThrownBy(() -> Envelope.of(Optional.empty(), List.of())).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void shouldKeepFirstOfRecipientsWithOneAddress() {
        Recipient first = new Recipient(address("bob@bank.example"), Set.of(Notify.NEVER), Optional.empty());
        Recipient second = Recipient.of(address("bob@BANK.example"));

        Envelope testee = new Envelope(
                Optional.empty(), List.of(first, second), Optional.empty(), Optional.empty(), OptionalInt.empty());

        assertThat(testee.recipients()).containsExactly(first);
    }

    @ParameterizedTest
    @ValueSource(ints = {-10, 10})
    void shouldRejectPriorityOutsideTheScale(int priority) {
        assertThatThrownBy(() -> new Envelope(
                        Optional.empty(),
                        List.of(Recipient.of(address("bob@bank.example"))),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.of(priority)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("a priority is from -9 to 9, not " + priority);
    }

    @Test
    void shouldRejectNeverBesideOtherNotifications() {
        assertThatThrownBy(() -> new Recipient(
                        address("bob@bank.example"), Set.of(Notify.NEVER, Notify.DELAY), Optional.empty()))
                .isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rfc 822", "rfc822;x", "rfc822\r\n"})
    void shouldRejectAddressTypeThatWouldLeaveItsParameter(String type) {
        assertThatThrownBy(() -> new OriginalRecipient(type, XText.encode("x")))
                .isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "abc       | abc           | plain",
                "a b       | a+20b         | a space",
                "a+b=c     | a+2Bb+3Dc     | what has a meaning in xtext and in parameters (RFC 3461 §4)",
                "\u00e4    | +C3+A4        | UTF-8",
                "a\u0001b | a+01b         | a control character",
                "~         | ~             | the last printable one",
            })
    void shouldEncodeXText(String text, String expected, String why) {
        assertThat(XText.encode(text)).as(why).hasToString(expected);
        assertThat(new XText(expected)).as(why).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a+2b", "a+2", "+", "a\r\nRCPT", "\u00e4"})
    void shouldRejectWhatIsNoXText(String text) {
        assertThatThrownBy(() -> new XText(text)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void shouldShowMailHostWithItsAddress() {
        IpAddress address = IpAddress.parse("192.0.2.25");

        assertThat(new MailHostAddress(Host.parse("mx.bank.example"), address, 25))
                .hasToString("mx.bank.example[192.0.2.25]:25");
        assertThat(MailHostAddress.of(address, 2525)).hasToString("[192.0.2.25]:2525");
    }
}
