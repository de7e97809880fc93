package org.jamestls.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The small values: requirements, trusted names, recipient domains, violations, peers' texts. */
class PolicyValuesTest {

    static Stream<Arguments> requirements() {
        return Stream.of(
                Arguments.of(
                        CertificateValidation.STRONG.requirement(), new TlsRequirement.Verified(Set.of()), true, true),
                Arguments.of(CertificateValidation.RELAXED.requirement(), TlsRequirement.ENCRYPTED, true, true),
                Arguments.of(OtherDomains.REQUIRED.requirement(), TlsRequirement.ENCRYPTED, true, true),
                Arguments.of(OtherDomains.OPPORTUNISTIC.requirement(), TlsRequirement.OPPORTUNISTIC, false, true),
                Arguments.of(OtherDomains.NONE.requirement(), TlsRequirement.CLEARTEXT, false, false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requirements")
    void settingsShouldAskForTls(TlsRequirement testee, TlsRequirement expected, boolean required, boolean wanted) {
        assertThat(testee).isEqualTo(expected);
        assertThat(testee.tlsRequired()).isEqualTo(required);
        assertThat(testee.tlsWanted()).isEqualTo(wanted);
    }

    @Test
    void settingsShouldShowAsTheFileWritesThem() {
        assertThat(CertificateValidation.STRONG).hasToString("strong");
        assertThat(CertificateValidation.RELAXED).hasToString("relaxed");
        assertThat(new MailDelivery.InboundRoute()).hasToString("inboundRoute");
        assertThat(OtherDomains.values())
                .extracting(OtherDomains::value)
                .containsExactly("opportunistic", "required", "none");
    }

    @Test
    void requirementsShouldBeEqualWhenPoliciesAskTheSame() {
        TrustedCommonName a = TrustedCommonName.parse("a.example");
        TrustedCommonName b = TrustedCommonName.parse("b.example");

        assertThat(new TlsRequirement.Verified(Set.of(a, b))).isEqualTo(new TlsRequirement.Verified(Set.of(b, a)));
        assertThat(new TlsRequirement.Verified(Set.of(a))).isNotEqualTo(new TlsRequirement.Verified(Set.of(b)));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(textBlock = """
            mx.hosting.example,  mx.hosting.example, ,       a host name compares as one
            MX.Hosting.example., mx.hosting.example, ,       whatever its case
            _mx.hosting.example, _mx.hosting.example, ,      an underscore occurs in certificates
            *.Hosting.example,   , *.hosting.example,        a wildcard is satisfied only by itself
            *,                   , ,                         an asterisk alone is a text
            *.,                  , ,                         no name after the asterisk
            mx.*.example,        , ,                         an asterisk elsewhere is a text
            Bank Mail Gateway,   , ,                         a text
            192.0.2.1,           , ,                         an address is a text: a CN never matches one
            Bänk Mail Gateway,   , ,                         a text in another script
            bücher.example,      xn--bcher-kva.example, ,    a U-label becomes an A-label
            """)
    void trustedCommonNameShouldTellHowItCompares(String written, String hostName, String wildcard, String why) {
        TrustedCommonName testee = TrustedCommonName.parse("  " + written + " ");

        assertThat(testee).hasToString(written);
        assertThat(testee.hostName().map(DomainName::text).orElse(null)).isEqualTo(hostName);
        assertThat(testee.wildcard().orElse(null)).isEqualTo(wildcard);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"' ', is empty", "straße.example, write the A-label", "*.straße.example, write the A-label"})
    void trustedCommonNameShouldThrow(String written, String message) {
        assertThatThrownBy(() -> TrustedCommonName.parse(written))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> recipientDomains() {
        return Stream.of(
                Arguments.of("Bank.example.", RecipientDomain.Named.class, "bank.example", "a name"),
                Arguments.of("b\u00fccher.example", RecipientDomain.Named.class, "xn--bcher-kva.example", "a U-label"),
                Arguments.of("[192.0.2.1]", RecipientDomain.AddressLiteral.class, "[192.0.2.1]", "IPv4 literal"),
                Arguments.of("192.0.2.1", RecipientDomain.AddressLiteral.class, "[192.0.2.1]", "brackets already gone"),
                Arguments.of(
                        "[IPv6:2001:DB8::1]",
                        RecipientDomain.AddressLiteral.class,
                        "[IPv6:2001:db8:0:0:0:0:0:1]",
                        "IPv6 literal"),
                Arguments.of(
                        "stra\u00dfe.example",
                        RecipientDomain.Unconvertible.class,
                        "stra\\u00dfe.example",
                        "never sent"),
                Arguments.of("[x]", RecipientDomain.Unconvertible.class, "[x]", "neither name nor address"),
                Arguments.of("", RecipientDomain.Unconvertible.class, "", "nothing"),
                Arguments.of(
                        "a\r\nb",
                        RecipientDomain.Unconvertible.class,
                        "a\\u000d\\u000ab",
                        "no line break gets through"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("recipientDomains")
    void recipientDomainShouldBeSortedWithoutThrowing(
            String written, Class<? extends RecipientDomain> kind, String text, String why) {
        RecipientDomain testee = RecipientDomain.of(written);

        assertThat(testee).isInstanceOf(kind);
        assertThat(testee.text()).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            STARTTLS_NOT_OFFERED,      4.7.4, 5.7.4, starttls-not-supported
            STARTTLS_REFUSED,          4.7.4, 5.7.4, starttls-not-supported
            HANDSHAKE_FAILED,          4.7.5, 5.7.5, validation-failure
            CERTIFICATE_EXPIRED,       4.7.5, 5.7.5, certificate-expired
            CERTIFICATE_NOT_YET_VALID, 4.7.5, 5.7.5, validation-failure
            CERTIFICATE_NOT_TRUSTED,   4.7.5, 5.7.5, certificate-not-trusted
            CERTIFICATE_NAME_MISMATCH, 4.7.5, 5.7.5, certificate-host-mismatch
            MAIL_HOST_NOT_ALLOWED,     4.7.0, 5.7.0, validation-failure
            """)
    void violationShouldHaveItsCodes(Violation testee, String temporary, String permanent, String resultType) {
        assertThat(testee.temporaryCode()).isEqualTo(temporary);
        assertThat(testee.permanentCode()).isEqualTo(permanent);
        assertThat(testee.resultType()).isEqualTo(resultType);
        assertThat(testee.description()).isNotBlank();
        assertThat(testee.source()).matches("RFC \\d{4} §.+");
    }

    @ParameterizedTest
    @EnumSource(Violation.class)
    void violationShouldBeCalledByItsResultTypeUnlessThatSaysTooLittle(Violation testee) {
        assertThat(testee.label())
                .isEqualTo(testee == Violation.MAIL_HOST_NOT_ALLOWED ? "mail-host-not-allowed" : testee.resultType());
    }

    @Test
    void policyViolationShouldShowWhatWasExpectedBesideWhatWasPresented() {
        assertThat(new PolicyViolation(Violation.STARTTLS_REFUSED, "220", "454 no\r\n"))
                .hasToString("STARTTLS is refused; expected: 220; presented: 454 no\\u000d\\u000a");
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("plain text~", "plain text~", "printable ASCII"),
                Arguments.of("a\\u000d", "a\\\\u000d", "a backslash is doubled: nothing poses as an escape"),
                Arguments.of("\u001b[31m\u007f", "\\u001b[31m\\u007f", "terminal control"),
                Arguments.of("\u202eab", "\\u202eab", "direction mark"),
                Arguments.of("\ud83d\ude00", "\\ud83d\\ude00", "outside the basic plane"),
                Arguments.of("x".repeat(256), "x".repeat(256), "longest text"),
                Arguments.of("x".repeat(257), "x".repeat(253) + "...", "cut, with its mark"),
                Arguments.of("\n".repeat(100), "\\u000a".repeat(43).substring(0, 253) + "...", "cut after escaping"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("texts")
    void peerTextShouldBeSafeToShow(String text, String expected, String why) {
        assertThat(PeerText.clean(text)).isEqualTo(expected);
    }
}
