package org.jamestls.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a decision when something else asks for verified certificates. */
class PolicyDecisionTest {

    private static final DomainName BANK = DomainName.parse("bank.example");
    private static final DomainName BRANCH = DomainName.parse("branch.bank.example");
    private static final TrustedCommonName HOSTING = TrustedCommonName.parse("mx.hosting.example");
    private static final TlsRequirement.Verified VERIFIED = new TlsRequirement.Verified(Set.of());
    private static final TlsRequirement.Verified VERIFIED_OR_HOSTING = new TlsRequirement.Verified(Set.of(HOSTING));

    private static final DomainPolicy STRONG = DomainPolicy.withDefaults(BANK);
    private static final DomainPolicy HOSTED =
            STRONG.withCertificateValidation(new CertificateValidation.Strong(Set.of(HOSTING)));
    private static final DomainPolicy RELAXED = STRONG.withCertificateValidation(CertificateValidation.RELAXED);

    private static PolicyDecision own(DomainPolicy policy) {
        return new PolicyDecision.Enforced(BANK, policy);
    }

    private static PolicyDecision inherited(DomainPolicy policy) {
        return new PolicyDecision.Enforced(BRANCH, policy);
    }

    private static DomainPolicy reported(DomainPolicy policy) {
        return policy.withMode(EnforcementMode.REPORT);
    }

    static Stream<Arguments> joined() {
        return Stream.of(
                arguments("strong", own(STRONG), VERIFIED, "own", "nothing is missing"),
                arguments("strong with a trusted name", own(HOSTED), VERIFIED_OR_HOSTING, "own", "verified already"),
                arguments(
                        "relaxed", own(RELAXED), VERIFIED, "own, strengthened by a test", "a certificate was missing"),
                arguments(
                        "relaxed, inherited",
                        inherited(RELAXED),
                        VERIFIED,
                        "inherited from bank.example, strengthened by a test",
                        "as the domain's own"),
                arguments(
                        "strong, reported",
                        own(reported(STRONG)),
                        VERIFIED,
                        "own, strengthened by a test",
                        "what is reported is not asked for"),
                arguments(
                        "strong with a trusted name, reported",
                        own(reported(HOSTED)),
                        VERIFIED_OR_HOSTING,
                        "own, strengthened by a test",
                        "the policy's names are its own word"),
                arguments(
                        "relaxed, reported",
                        inherited(reported(RELAXED)),
                        VERIFIED,
                        "inherited from bank.example, strengthened by a test",
                        "both were missing"),
                arguments(
                        "excluded",
                        new PolicyDecision.Excluded(BRANCH, STRONG, OtherDomains.REQUIRED),
                        VERIFIED,
                        "other domains (branch.bank.example is excluded by bank.example), strengthened by a test",
                        "goes out as other domains do"));
    }

    @ParameterizedTest(name = "{0}: {4}")
    @MethodSource("joined")
    void verifiedShouldNeverAskForLess(
            String name, PolicyDecision asWritten, TlsRequirement requirement, String origin, String why) {
        PolicyDecision testee = asWritten.verified("a test");

        assertThat(testee.requirement()).isEqualTo(requirement);
        assertThat(testee.origin()).isEqualTo(origin);
        assertThat(testee.reportOnly()).isFalse();
        assertThat(testee.policy().map(DomainPolicy::requirement))
                .as("the policy as it applies")
                .isEqualTo(asWritten.policy().map(any -> requirement));
        assertThat(testee.certificateValidation().map(CertificateValidation::requirement))
                .contains(requirement);
        assertThat(testee.enforced()).isEqualTo(asWritten.enforced());
        assertThat(testee.basis()).isEqualTo(asWritten.basis());
        assertThat(testee.entry()).isEqualTo(asWritten.entry());
        assertThat(testee.mailDelivery()).isEqualTo(asWritten.mailDelivery());
        assertThat(testee.verified("another test")).as("asked for twice").isSameAs(testee);
    }

    @ParameterizedTest
    @EnumSource(OtherDomains.class)
    void verifiedShouldHoldForOtherDomains(OtherDomains otherDomains) {
        PolicyDecision testee = new PolicyDecision.Unlisted(otherDomains).verified("a test");

        assertThat(testee.requirement()).isEqualTo(VERIFIED);
        assertThat(testee.requirement().afterFailedHandshake())
                .as("no way into the clear")
                .isEmpty();
        assertThat(testee.origin()).isEqualTo("other domains, strengthened by a test");
        assertThat(testee.enforced()).isFalse();
        assertThat(testee.policy()).isEmpty();
    }

    @Test
    void verifiedShouldComeOnTopOfWhatIsAskedForAtLeast() {
        PolicyDecision atLeast =
                new PolicyDecision.Unlisted(OtherDomains.NONE).atLeast(TlsRequirement.ENCRYPTED, "parameters");

        assertThat(atLeast.certificateValidation()).isEmpty();
        assertThat(atLeast.verified("a test").requirement()).isEqualTo(VERIFIED);
        assertThat(atLeast.atLeast(VERIFIED, "parameters").verified("a test").requirement())
                .isEqualTo(VERIFIED);
    }

    @Test
    void onlyVerifiedConnectionsShouldProveTheirHost() {
        List<TlsRequirement> others = List.of(
                TlsRequirement.ENCRYPTED,
                TlsRequirement.OPPORTUNISTIC,
                TlsRequirement.CLEARTEXT,
                new TlsRequirement.Reported(VERIFIED));

        assertThat(VERIFIED_OR_HOSTING.provesHost()).isTrue();
        assertThat(others).noneMatch(TlsRequirement::provesHost);
        assertThat(others).allMatch(other -> other.verified().equals(VERIFIED));
        assertThat(new TlsRequirement.Reported(VERIFIED_OR_HOSTING).verified()).isEqualTo(VERIFIED_OR_HOSTING);
    }

    @Test
    void decisionWithoutPolicyShouldAskForNoValidation() {
        assertThat(new PolicyDecision.Unlisted(OtherDomains.REQUIRED).certificateValidation())
                .isEqualTo(Optional.empty());
        assertThat(own(RELAXED).certificateValidation()).contains(CertificateValidation.RELAXED);
    }
}
