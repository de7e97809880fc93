package org.jamestls.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTableTest {

    private static DomainPolicy policy(String domain, String... excluded) {
        return DomainPolicy.withDefaults(DomainName.parse(domain))
                .withExcludedSubDomains(
                        Arrays.stream(excluded).map(DomainName::parse).toList());
    }

    private static final DomainPolicy BANK = policy("bank.example", "lists.bank.example");
    private static final DomainPolicy BRANCH =
            policy("branch.bank.example").withCertificateValidation(CertificateValidation.RELAXED);
    private static final DomainPolicy BELOW_EXCLUDED =
            policy("safe.lists.bank.example").withMailDelivery(MailDelivery.StaticRoute.parse("192.0.2.1"));

    private final PolicyTable testee = PolicyTable.of(List.of(BANK, BRANCH, BELOW_EXCLUDED), OtherDomains.REQUIRED);

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            bank.example,              own,                         listed
            a.bank.example,            inherited from bank.example, a sub-domain inherits
            b.a.bank.example,          inherited from bank.example, however deep
            branch.bank.example,       own,                         a policy of its own
            a.branch.bank.example,     inherited from branch.bank.example, the nearest listed ancestor
            lists.bank.example,        other domains (lists.bank.example is excluded by bank.example), excluded
            a.lists.bank.example,      other domains (lists.bank.example is excluded by bank.example), below an excluded one
            safe.lists.bank.example,   own,                         listed below an excluded one
            a.safe.lists.bank.example, inherited from safe.lists.bank.example, inherits what is listed below an excluded one
            otherbank.example,         other domains,               ends alike but is no sub-domain
            example,                   other domains,               an ancestor inherits nothing
            other.example,             other domains,               not listed
            """)
    void findShouldTellWhichEntryDecides(String domain, String origin, String why) {
        assertThat(testee.find(DomainName.parse(domain)).origin()).isEqualTo(origin);
    }

    @ParameterizedTest
    @CsvSource({
        "bank.example, own, bank.example",
        "a.bank.example, inherited, bank.example",
        "a.branch.bank.example, inherited, branch.bank.example",
        "a.lists.bank.example, excluded, bank.example",
        "other.example, otherDomains,"
    })
    void decisionShouldNameItsBasisAndEntry(String domain, String basis, String entry) {
        PolicyDecision decision = testee.find(DomainName.parse(domain));

        assertThat(decision.basis().label()).isEqualTo(basis);
        assertThat(decision.entry().map(DomainName::text)).isEqualTo(Optional.ofNullable(entry));
    }

    @Test
    void onlyOpportunisticTlsShouldFallBackAfterAFailedHandshake() {
        assertThat(TlsRequirement.OPPORTUNISTIC.afterFailedHandshake()).contains(TlsRequirement.CLEARTEXT);
        assertThat(Stream.of(new TlsRequirement.Verified(Set.of()), TlsRequirement.ENCRYPTED, TlsRequirement.CLEARTEXT))
                .allSatisfy(requirement ->
                        assertThat(requirement.afterFailedHandshake()).isEmpty());
    }

    @Test
    void reportedPolicyShouldFallBackToTheClear() {
        DomainPolicy reported = BANK.withMode(EnforcementMode.REPORT);
        PolicyDecision decision = new PolicyDecision.Enforced(BANK.domain(), reported);

        assertThat(decision.requirement()).isEqualTo(new TlsRequirement.Reported(BANK.requirement()));
        assertThat(decision.requirement().afterFailedHandshake()).contains(TlsRequirement.CLEARTEXT);
        assertThat(decision.requirement().tlsRequired()).isFalse();
        assertThat(decision.reportOnly()).isTrue();
    }

    @Test
    void findShouldGiveWhatThePolicySays() {
        PolicyDecision decision = testee.find(DomainName.parse("a.branch.bank.example"));

        assertThat(decision.enforced()).isTrue();
        assertThat(decision.policy()).contains(BRANCH);
        assertThat(decision.requirement()).isEqualTo(TlsRequirement.ENCRYPTED);
        assertThat(decision.mailDelivery()).isEqualTo(new MailDelivery.InboundRoute());
        assertThat(testee.find(BELOW_EXCLUDED.domain()).mailDelivery()).isEqualTo(BELOW_EXCLUDED.mailDelivery());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"lists.bank.example", "other.example"})
    void findShouldGiveWhatOtherDomainsSaysWhenNoPolicyApplies(String domain) {
        PolicyDecision decision = testee.find(DomainName.parse(domain));

        assertThat(decision.enforced()).isFalse();
        assertThat(decision.policy()).isEmpty();
        assertThat(decision.requirement()).isEqualTo(TlsRequirement.ENCRYPTED);
        assertThat(decision.mailDelivery()).isEqualTo(new MailDelivery.InboundRoute());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"lists.bank.example", "other.example"})
    void atLeastShouldStrengthenDomainsWithoutAPolicy(String domain) {
        PolicyDecision decision = testee.find(DomainName.parse(domain));
        TlsRequirement verified = new TlsRequirement.Verified(Set.of());

        PolicyDecision strengthened = decision.atLeast(verified, "a test");

        assertThat(strengthened.requirement()).isEqualTo(verified);
        assertThat(strengthened.enforced()).isFalse();
        assertThat(strengthened.policy()).isEmpty();
        assertThat(strengthened.mailDelivery()).isEqualTo(decision.mailDelivery());
        assertThat(strengthened.origin()).startsWith(decision.origin()).endsWith(", strengthened by a test");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"lists.bank.example", "other.example"})
    void atLeastShouldNeverWeaken(String domain) {
        PolicyDecision decision = testee.find(DomainName.parse(domain));

        assertThat(decision.atLeast(TlsRequirement.CLEARTEXT, "a test")).isSameAs(decision);
        assertThat(decision.atLeast(TlsRequirement.OPPORTUNISTIC, "a test")).isSameAs(decision);
        assertThat(decision.atLeast(TlsRequirement.ENCRYPTED, "a test")).isSameAs(decision);
    }

    @Test
    void atLeastShouldAskForBothWhereNeitherIsTheStronger() {
        PolicyDecision decision = testee.find(DomainName.parse("other.example")).atLeast(trusting("a", "b"), "one");

        assertThat(decision.atLeast(trusting("b", "c"), "another").requirement())
                .isEqualTo(trusting("b"));
        assertThat(decision.atLeast(trusting("b", "a", "c"), "another")).isSameAs(decision);
    }

    private static TlsRequirement trusting(String... names) {
        return new TlsRequirement.Verified(
                Stream.of(names).map(TrustedCommonName::parse).collect(Collectors.toSet()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"bank.example", "a.branch.bank.example"})
    void atLeastShouldLeaveAPolicyAlone(String domain) {
        PolicyDecision decision = testee.find(DomainName.parse(domain));

        assertThat(decision.atLeast(new TlsRequirement.Verified(Set.of()), "a test"))
                .isSameAs(decision);
        assertThat(decision.atLeast(TlsRequirement.CLEARTEXT, "a test")).isSameAs(decision);
    }

    @Test
    void ownPolicyShouldNotBeInherited() {
        assertThat(testee.ownPolicy(BANK.domain())).contains(BANK);
        assertThat(testee.ownPolicy(DomainName.parse("a.bank.example"))).isEmpty();
        assertThat(testee.ownPolicy(DomainName.parse("lists.bank.example"))).isEmpty();
    }

    @Test
    void policiesShouldKeepTheOrderGiven() {
        assertThat(testee.policies()).containsExactly(BANK, BRANCH, BELOW_EXCLUDED);
        assertThat(testee.otherDomains()).isEqualTo(OtherDomains.REQUIRED);
    }

    static Stream<Arguments> conflicts() {
        return Stream.of(
                Arguments.of(
                        List.of(policy("a.example"), policy("b.example"), policy("a.example")),
                        2,
                        null,
                        "a.example is listed twice; write one entry for it"),
                Arguments.of(
                        List.of(policy("a.example", "b.example")),
                        0,
                        "b.example",
                        "b.example is excluded from a.example but is not below it; write a sub-domain of a.example"),
                Arguments.of(
                        List.of(policy("a.example", "a.example")),
                        0,
                        "a.example",
                        "a.example is excluded from a.example but is not below it; write a sub-domain of a.example"),
                Arguments.of(
                        List.of(policy("b.a.example"), policy("a.example", "b.a.example")),
                        1,
                        "b.a.example",
                        "b.a.example is both excluded and listed as a domain; write it once, as the one or the other"),
                Arguments.of(
                        List.of(policy("a.example", "c.b.a.example"), policy("b.a.example")),
                        0,
                        "c.b.a.example",
                        "c.b.a.example is excluded from a.example but its policy comes from b.a.example; write the exclusion in the entry of b.a.example"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("conflicts")
    void ofShouldThrowAndConflictsShouldTellWhen(
            List<DomainPolicy> policies, int index, String excluded, String message) {
        assertThat(PolicyTable.conflicts(policies))
                .containsExactly(
                        new PolicyConflict(index, Optional.ofNullable(excluded).map(DomainName::parse), message));
        assertThatThrownBy(() -> PolicyTable.of(policies, OtherDomains.OPPORTUNISTIC))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
    }

    @Test
    void conflictsShouldTellAllOfThem() {
        assertThat(PolicyTable.conflicts(List.of(
                        policy("a.example", "x.example", "y.example"),
                        policy("a.example"),
                        policy("b.example", "b.a.example"))))
                .hasSize(4);
    }

    @Test
    void ofShouldAcceptAnExclusionBelowAnother() {
        PolicyTable table = PolicyTable.of(
                List.of(policy("a.example", "b.a.example", "c.b.a.example")), OtherDomains.OPPORTUNISTIC);

        assertThat(table.find(DomainName.parse("c.b.a.example")).enforced()).isFalse();
    }

    @Test
    void policyShouldNotChangeWithTheCollectionsItWasMadeFrom() {
        var excluded = new java.util.TreeSet<>(List.of(DomainName.parse("b.a.example")));
        DomainPolicy policy = policy("a.example").withExcludedSubDomains(excluded);
        excluded.clear();

        assertThat(policy.excludedSubDomains()).hasSize(1);
        assertThatThrownBy(() -> policy.excludedSubDomains().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
