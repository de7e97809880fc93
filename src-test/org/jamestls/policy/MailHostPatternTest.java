package org.jamestls.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mail hosts a policy allows (RFC 8461 §4.1). */
class MailHostPatternTest {

    @ParameterizedTest(name = "{0} {1}: {3}")
    @CsvSource({
        "mx.bank.example, mx.bank.example, true, the name itself",
        "MX.Bank.example., mx.bank.example, true, upper case and a trailing dot",
        "b\u00fccher.example, xn--bcher-kva.example, true, a U-label",
        "mx_1.bank.example, mx_1.bank.example, true, an underscore that the DNS may give",
        "mx.bank.example, mx2.bank.example, false, another name",
        "bank.example, mx.bank.example, false, a name does not stand for those below it",
        "*.mail.bank.example, mx.mail.bank.example, true, one label",
        "*.mail.bank.example, mail.bank.example, false, no label",
        "*.mail.bank.example, a.mx.mail.bank.example, false, two labels",
        "*.mail.bank.example, mxmail.bank.example, false, only the end of a label",
        "*.mail.bank.example, 192.0.2.1, false, an address bears no name",
        "*.mail.bank.example, mx.mail.bank.example.attacker.example, false, the name stands in front",
    })
    void matchesShouldTellWhetherTheHostIsMeant(String pattern, String host, boolean expected, String why) {
        assertThat(MailHostPattern.parse(pattern).matches(host(host))).as(why).isEqualTo(expected);
    }

    private static Host host(String text) {
        return IpAddress.looksLikeAddress(text) ? IpAddress.parse(text) : DomainName.parseDns(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "*.", "*bank.example", "mx*.bank.example", "*.*.bank.example", "a.*", "192.0.2.1", "[::1]"})
    void parseShouldRefuseWhatIsNoMailHost(String text) {
        assertThatThrownBy(() -> MailHostPattern.parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("'" + text + "' is not a mail host; write");
    }

    @Test
    void toStringShouldBeWhatTheFileWrites() {
        assertThat(MailHostPattern.parse("*.Mail.bank.example.")).hasToString("*.mail.bank.example");
        assertThat(MailHostPattern.parse("mx.bank.example")).hasToString("mx.bank.example");
    }

    @Test
    void inboundRouteShouldSayWhichHostsItAllows() {
        MailDelivery testee = new MailDelivery.InboundRoute(Set.of(MailHostPattern.parse("*.mail.bank.example")));

        assertThat(testee.violationBy(Host.parse("mx.mail.bank.example"))).isEmpty();
        assertThat(testee.violationBy(Host.parse("mx.attacker.example")))
                .contains(new PolicyViolation(
                        Violation.MAIL_HOST_NOT_ALLOWED,
                        "*.mail.bank.example",
                        "mx.attacker.example, named by the DNS"));
        assertThat(new MailDelivery.InboundRoute().violationBy(Host.parse("mx.attacker.example")))
                .isEmpty();
    }
}
