package org.jamestls.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyChangeTest {

    private static final String BANK = "bank.example";
    private static final String SUB = "sub.bank.example";

    private static DomainPolicy strong(String domain, String... trustedCommonNames) {
        Set<TrustedCommonName> names = new LinkedHashSet<>();
        Arrays.stream(trustedCommonNames).map(TrustedCommonName::parse).forEach(names::add);
        return DomainPolicy.withDefaults(DomainName.parse(domain))
                .withCertificateValidation(new CertificateValidation.Strong(names));
    }

    private static DomainPolicy relaxed(String domain) {
        return strong(domain).withCertificateValidation(CertificateValidation.RELAXED);
    }

    private static DomainPolicy routed(String domain, String route) {
        return strong(domain).withMailDelivery(MailDelivery.StaticRoute.parse(route));
    }

    private static DomainPolicy excluding(String domain, String excluded) {
        return strong(domain).withExcludedSubDomains(List.of(DomainName.parse(excluded)));
    }

    private static DomainPolicy reported(String domain) {
        return strong(domain).withMode(EnforcementMode.REPORT);
    }

    private static DomainPolicy at(String domain, String... mailHosts) {
        Set<MailHostPattern> patterns = new LinkedHashSet<>();
        Arrays.stream(mailHosts).map(MailHostPattern::parse).forEach(patterns::add);
        return strong(domain).withMailDelivery(new MailDelivery.InboundRoute(patterns));
    }

    private static PolicyTable opportunistic(DomainPolicy... policies) {
        return PolicyTable.of(List.of(policies), OtherDomains.OPPORTUNISTIC);
    }

    private static PolicyTable required(DomainPolicy... policies) {
        return PolicyTable.of(List.of(policies), OtherDomains.REQUIRED);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change("nothing", opportunistic(strong(BANK)), opportunistic(strong(BANK)), ""),
                change("a domain comes", opportunistic(), opportunistic(strong(BANK)), "added bank.example"),
                change("a domain goes", opportunistic(strong(BANK)), opportunistic(), "removed bank.example"),
                change(
                        "strong instead of relaxed",
                        opportunistic(relaxed(BANK)),
                        opportunistic(strong(BANK)),
                        "strengthened bank.example"),
                change(
                        "relaxed instead of strong",
                        opportunistic(strong(BANK)),
                        opportunistic(relaxed(BANK)),
                        "weakened bank.example"),
                change(
                        "enforced instead of reported",
                        opportunistic(reported(BANK)),
                        opportunistic(strong(BANK)),
                        "strengthened bank.example"),
                change(
                        "enforced, if relaxed, instead of reported",
                        opportunistic(reported(BANK)),
                        opportunistic(relaxed(BANK)),
                        "strengthened bank.example"),
                change(
                        "reported instead of enforced",
                        opportunistic(strong(BANK)),
                        opportunistic(reported(BANK)),
                        "weakened bank.example"),
                change(
                        "something else is reported",
                        opportunistic(reported(BANK)),
                        opportunistic(relaxed(BANK).withMode(EnforcementMode.REPORT)),
                        "altered bank.example"),
                change(
                        "a reported domain comes where TLS was required",
                        required(),
                        required(reported(BANK)),
                        "added bank.example weakened bank.example"),
                change(
                        "the mail hosts are named",
                        opportunistic(strong(BANK)),
                        opportunistic(at(BANK, "mx.bank.example")),
                        "strengthened bank.example"),
                change(
                        "one mail host more",
                        opportunistic(at(BANK, "mx.bank.example")),
                        opportunistic(at(BANK, "mx.bank.example", "mx2.bank.example")),
                        "weakened bank.example"),
                change(
                        "another mail host",
                        opportunistic(at(BANK, "mx.bank.example")),
                        opportunistic(at(BANK, "mx2.bank.example")),
                        "altered bank.example weaker in part bank.example"),
                change(
                        "a static route instead of mail hosts",
                        opportunistic(at(BANK, "mx.bank.example")),
                        opportunistic(routed(BANK, "192.0.2.1")),
                        "altered bank.example"),
                change(
                        "one trusted name more",
                        opportunistic(strong(BANK)),
                        opportunistic(strong(BANK, "a")),
                        "weakened bank.example"),
                change(
                        "one trusted name less",
                        opportunistic(strong(BANK, "a", "b")),
                        opportunistic(strong(BANK, "b")),
                        "strengthened bank.example"),
                change(
                        "another trusted name",
                        opportunistic(strong(BANK, "a")),
                        opportunistic(strong(BANK, "b")),
                        "altered bank.example weaker in part bank.example"),
                change(
                        "trusted names in another order",
                        opportunistic(strong(BANK, "a", "b")),
                        opportunistic(strong(BANK, "b", "a")),
                        ""),
                change(
                        "another route",
                        opportunistic(routed(BANK, "192.0.2.1")),
                        opportunistic(routed(BANK, "192.0.2.2")),
                        "altered bank.example"),
                change(
                        "a sub-domain's entry goes, and it inherits the same",
                        opportunistic(strong(BANK), strong(SUB)),
                        opportunistic(strong(BANK)),
                        "removed sub.bank.example"),
                change(
                        "a sub-domain's entry goes, and it inherits more",
                        opportunistic(strong(BANK), relaxed(SUB)),
                        opportunistic(strong(BANK)),
                        "removed sub.bank.example strengthened sub.bank.example"),
                change(
                        "a sub-domain gets less than it inherited",
                        opportunistic(strong(BANK)),
                        opportunistic(strong(BANK), relaxed(SUB)),
                        "added sub.bank.example weakened sub.bank.example"),
                change(
                        "a sub-domain gets more than it inherited",
                        opportunistic(relaxed(BANK)),
                        opportunistic(relaxed(BANK), strong(SUB)),
                        "added sub.bank.example"),
                change(
                        "a sub-domain is excluded",
                        opportunistic(strong(BANK)),
                        opportunistic(excluding(BANK, SUB)),
                        "weakened sub.bank.example"),
                change(
                        "a sub-domain is excluded no more",
                        opportunistic(excluding(BANK, SUB)),
                        opportunistic(strong(BANK)),
                        "strengthened sub.bank.example"),
                change(
                        "an excluded sub-domain is listed",
                        opportunistic(excluding(BANK, SUB)),
                        opportunistic(strong(BANK), strong(SUB)),
                        "added sub.bank.example"),
                change(
                        "a listed sub-domain is excluded",
                        opportunistic(strong(BANK), strong(SUB)),
                        opportunistic(excluding(BANK, SUB)),
                        "removed sub.bank.example"),
                change(
                        "relaxed and required are equally strong, but no policy applies any more",
                        required(relaxed(BANK)),
                        required(relaxed(BANK).withExcludedSubDomains(List.of(DomainName.parse(SUB)))),
                        "altered sub.bank.example"),
                change(
                        "other domains ask for less, and excluded ones with them",
                        required(excluding(BANK, SUB)),
                        opportunistic(excluding(BANK, SUB)),
                        "weakened sub.bank.example"));
    }

    private static Arguments change(String why, PolicyTable before, PolicyTable after, String expected) {
        return Arguments.of(why, before, after, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void betweenShouldTellWhen(String why, PolicyTable before, PolicyTable after, String expected) {
        assertThat(words(PolicyChange.between(before, after))).isEqualTo(expected);
    }

    private static String words(PolicyChange change) {
        StringBuilder words = new StringBuilder();
        change.added().forEach(name -> words.append(" added ").append(name));
        change.removed().forEach(name -> words.append(" removed ").append(name));
        change.strengthened().forEach(name -> words.append(" strengthened ").append(name));
        change.weakened().forEach(name -> words.append(" weakened ").append(name));
        change.altered().forEach(name -> words.append(" altered ").append(name));
        change.weakerInPart().forEach(name -> words.append(" weaker in part ").append(name));
        return words.toString().trim();
    }

    static Stream<Arguments> weakenings() {
        return Stream.of(
                Arguments.of(opportunistic(strong(BANK)), opportunistic(strong(BANK)), false, "nothing changes"),
                Arguments.of(opportunistic(), opportunistic(strong(BANK)), false, "a domain comes"),
                Arguments.of(opportunistic(strong(BANK)), opportunistic(), true, "a domain goes"),
                Arguments.of(opportunistic(strong(BANK)), opportunistic(relaxed(BANK)), true, "a domain is weakened"),
                Arguments.of(
                        opportunistic(strong(BANK, "a")),
                        opportunistic(strong(BANK, "b")),
                        true,
                        "another name is trusted"),
                Arguments.of(
                        opportunistic(routed(BANK, "192.0.2.1")),
                        opportunistic(routed(BANK, "192.0.2.2")),
                        false,
                        "another route is no weaker one"),
                Arguments.of(required(), opportunistic(), true, "other domains are weakened"),
                Arguments.of(opportunistic(), required(), false, "other domains are strengthened"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("weakenings")
    void weakensShouldTellWhetherLessIsAskedAnywhere(
            PolicyTable before, PolicyTable after, boolean expected, String why) {
        assertThat(PolicyChange.between(before, after).weakens()).isEqualTo(expected);
    }

    @Test
    void isEmptyShouldMeanThatBothTablesMeanTheSame() {
        assertThat(PolicyChange.between(opportunistic(strong(BANK)), opportunistic(strong(BANK)))
                        .isEmpty())
                .isTrue();
        assertThat(PolicyChange.between(opportunistic(strong(BANK)), opportunistic(relaxed(BANK)))
                        .isEmpty())
                .isFalse();
        assertThat(PolicyChange.between(opportunistic(), required()).isEmpty()).isFalse();
    }

    static Stream<Arguments> trustedNames() {
        return Stream.of(
                Arguments.of(names(), names(), "", "none and none"),
                Arguments.of(names(), names("mx.a.example"), "weakened", "some where there were none"),
                Arguments.of(names("mx.a.example"), names(), "strengthened", "none where there were some"),
                Arguments.of(names("a", "b"), names("a", "b", "c"), "weakened", "one more"),
                Arguments.of(names("a", "b", "c"), names("c", "a"), "strengthened", "one less, in another order"),
                Arguments.of(
                        names("mx.a", "mx.b"), names("evil.example"), "altered, weaker in part", "fewer, but another"),
                Arguments.of(names("a", "b"), names("c", "d"), "altered, weaker in part", "as many others"),
                Arguments.of(names("a", "b"), names("b", "c", "d"), "altered, weaker in part", "more, but one less"),
                Arguments.of(
                        names("MX.a.example"),
                        names("mx.A.example."),
                        "",
                        "host names compare whatever their case and dot"),
                Arguments.of(names("b\u00fccher.example"), names("xn--bcher-kva.example"), "", "and as A-labels"),
                Arguments.of(names("Bank Mail Gateway"), names("bank mail GATEWAY"), "", "texts compare ignoring case"),
                Arguments.of(names("*.A.example"), names("*.a.example"), "", "wildcards too"),
                Arguments.of(
                        names("mx1.a.example", "mx2.a.example"),
                        names("*.a.example"),
                        "altered, weaker in part",
                        "a wildcard is satisfied only by that very wildcard"),
                Arguments.of(
                        names("*.a.example"),
                        names("mx1.a.example"),
                        "altered, weaker in part",
                        "a host name is satisfied by another certificate than the wildcard's"),
                Arguments.of(
                        names("*.a.example"),
                        names("*.a.example", "mx1.a.example"),
                        "weakened",
                        "a name that the wildcard does not cover"));
    }

    private static String[] names(String... names) {
        return names;
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("trustedNames")
    void betweenShouldCompareTrustedNames(String[] before, String[] after, String expected, String why) {
        assertThat(verdict(strong(BANK, before), strong(BANK, after))).isEqualTo(expected);
    }

    private static String verdict(DomainPolicy before, DomainPolicy after) {
        PolicyChange change = PolicyChange.between(opportunistic(before), opportunistic(after));
        assertThat(change.isEmpty()).isEqualTo(words(change).isEmpty());
        assertThat(change.weakens()).isEqualTo(words(change).contains("weak"));
        return words(change)
                .replace(" bank.example weaker in part", ", weaker in part")
                .replace(" bank.example", "");
    }

    static Stream<Arguments> mailHosts() {
        return Stream.of(
                Arguments.of(names(), names("mx.a.example"), "strengthened", "none named means every one"),
                Arguments.of(names("mx.a.example"), names(), "weakened", "the other way round"),
                Arguments.of(names("mx1.a.example"), names("mx1.a.example", "mx2.a.example"), "weakened", "one more"),
                Arguments.of(
                        names("mx1.a.example", "mx2.a.example"), names("mx2.a.example"), "strengthened", "one less"),
                Arguments.of(
                        names("mx1.a.example", "mx2.a.example"), names("mx2.a.example", "mx1.a.example"), "", "order"),
                Arguments.of(names("MX.a.example."), names("mx.a.example"), "", "case and trailing dot"),
                Arguments.of(
                        names("mx1.bank.example", "mx2.bank.example"),
                        names("*.hosting.example"),
                        "altered, weaker in part",
                        "fewer patterns, and other hosts"),
                Arguments.of(
                        names("mx1.hosting.example", "mx2.hosting.example"),
                        names("*.hosting.example"),
                        "weakened",
                        "fewer patterns, which stand for more hosts"),
                Arguments.of(
                        names("*.hosting.example"),
                        names("mx1.hosting.example", "mx2.hosting.example"),
                        "strengthened",
                        "more patterns, which stand for fewer hosts"),
                Arguments.of(
                        names("mx1.hosting.example", "mx.bank.example"),
                        names("*.hosting.example"),
                        "altered, weaker in part",
                        "one covered, one lost"),
                Arguments.of(
                        names("mx.a.hosting.example"),
                        names("*.hosting.example"),
                        "altered, weaker in part",
                        "the wildcard stands for one label"),
                Arguments.of(
                        names("hosting.example"),
                        names("*.hosting.example"),
                        "altered, weaker in part",
                        "and for no less than one"),
                Arguments.of(
                        names("*.hosting.example", "mx1.hosting.example"),
                        names("*.hosting.example"),
                        "altered",
                        "the same hosts in other words"),
                Arguments.of(
                        names("*.a.example"), names("*.b.example"), "altered, weaker in part", "another wildcard"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("mailHosts")
    void betweenShouldCompareMailHosts(String[] before, String[] after, String expected, String why) {
        assertThat(verdict(at(BANK, before), at(BANK, after))).isEqualTo(expected);
    }

    private static DomainPolicy in(EnforcementMode mode, DomainPolicy policy) {
        return policy.withMode(mode);
    }

    private static DomainPolicy trusting(DomainPolicy policy, String... names) {
        return policy.withCertificateValidation(strong(BANK, names).certificateValidation());
    }

    static Stream<Arguments> settingsTogether() {
        EnforcementMode report = EnforcementMode.REPORT;
        DomainPolicy relaxedAt = at(BANK, "mx.a.example").withCertificateValidation(CertificateValidation.RELAXED);
        return Stream.of(
                Arguments.of(strong(BANK, "a"), trusting(at(BANK, "mx.a.example")), "strengthened", "both stronger"),
                Arguments.of(
                        strong(BANK),
                        trusting(at(BANK, "mx.a.example"), "a"),
                        "altered, weaker in part",
                        "fewer mail hosts and a trusted name more"),
                Arguments.of(
                        strong(BANK),
                        relaxedAt,
                        "altered, weaker in part",
                        "fewer mail hosts and no certificate checked"),
                Arguments.of(
                        relaxedAt, strong(BANK), "altered, weaker in part", "certificates checked and any mail host"),
                Arguments.of(
                        relaxed(BANK), strong(BANK, "a", "b"), "strengthened", "names are more than no check at all"),
                Arguments.of(strong(BANK, "a"), relaxed(BANK), "weakened", "the other way round"),
                Arguments.of(strong(BANK, "a"), in(report, strong(BANK)), "weakened", "reported, whatever is reported"),
                Arguments.of(
                        in(report, strong(BANK)), strong(BANK, "a"), "strengthened", "enforced, whatever was reported"),
                Arguments.of(
                        strong(BANK),
                        in(report, at(BANK, "mx.a.example")),
                        "weakened",
                        "a mail host that is only reported is not ruled out"),
                Arguments.of(
                        in(report, at(BANK, "mx.a.example")),
                        strong(BANK),
                        "strengthened",
                        "nor was it, before it is allowed"),
                Arguments.of(
                        in(report, strong(BANK, "a")), in(report, strong(BANK, "b")), "altered", "neither is enforced"),
                Arguments.of(
                        in(report, at(BANK, "mx.a.example")),
                        in(report, at(BANK, "mx.b.example")),
                        "altered",
                        "neither mail host is ruled out"),
                Arguments.of(
                        trusting(routed(BANK, "192.0.2.1"), "a"),
                        trusting(routed(BANK, "192.0.2.2"), "b"),
                        "altered, weaker in part",
                        "another route and another trusted name"),
                Arguments.of(
                        trusting(routed(BANK, "192.0.2.1"), "a"),
                        trusting(routed(BANK, "192.0.2.2")),
                        "strengthened",
                        "another route and a trusted name less"),
                Arguments.of(
                        trusting(at(BANK, "mx.a.example"), "a"),
                        trusting(routed(BANK, "192.0.2.1"), "b"),
                        "altered, weaker in part",
                        "a route instead of mail hosts, and another trusted name"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("settingsTogether")
    void betweenShouldJoinWhatSettingsSay(DomainPolicy before, DomainPolicy after, String expected, String why) {
        assertThat(verdict(before, after)).isEqualTo(expected);
    }

    static Stream<Arguments> inheritances() {
        return Stream.of(
                change(
                        "an own entry trusts another name than the one inherited",
                        opportunistic(strong(BANK, "a")),
                        opportunistic(strong(BANK, "a"), strong(SUB, "b")),
                        "added sub.bank.example altered sub.bank.example weaker in part sub.bank.example"),
                change(
                        "an own entry trusts more names",
                        opportunistic(strong(BANK, "a")),
                        opportunistic(strong(BANK, "a"), strong(SUB, "a", "b")),
                        "added sub.bank.example weakened sub.bank.example"),
                change(
                        "an own entry with another name goes",
                        opportunistic(strong(BANK, "a"), strong(SUB, "b")),
                        opportunistic(strong(BANK, "a")),
                        "removed sub.bank.example"),
                change(
                        "an excluded name is not concerned",
                        opportunistic(strong(BANK, "a").withExcludedSubDomains(List.of(DomainName.parse(SUB)))),
                        opportunistic(strong(BANK, "b").withExcludedSubDomains(List.of(DomainName.parse(SUB)))),
                        "altered bank.example weaker in part bank.example"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inheritances")
    void betweenShouldCompareWhatIsInherited(String why, PolicyTable before, PolicyTable after, String expected) {
        assertThat(words(PolicyChange.between(before, after))).isEqualTo(expected);
    }

    @Test
    void comparedWithShouldOrderRequirements() {
        List<TlsRequirement> weakestFirst = List.of(
                TlsRequirement.CLEARTEXT,
                TlsRequirement.OPPORTUNISTIC,
                TlsRequirement.ENCRYPTED,
                strong(BANK, "a", "b").requirement(),
                strong(BANK, "a").requirement(),
                strong(BANK).requirement());

        for (TlsRequirement one : weakestFirst) {
            for (TlsRequirement other : weakestFirst) {
                int more = Integer.compare(weakestFirst.indexOf(one), weakestFirst.indexOf(other));
                assertThat(one.comparedWith(other)).isEqualTo(Comparison.of(more >= 0, more <= 0));
                assertThat(one.and(other)).isEqualTo(more >= 0 ? one : other);
            }
        }
        assertThat(CertificateValidation.RELAXED.requirement().comparedWith(OtherDomains.REQUIRED.requirement()))
                .isEqualTo(Comparison.EQUAL);
        assertThat(reported(BANK).requirement().comparedWith(TlsRequirement.OPPORTUNISTIC))
                .isEqualTo(Comparison.EQUAL);
    }

    @Test
    void andShouldNeverWeaken() {
        TlsRequirement one = strong(BANK, "a", "b").requirement();
        TlsRequirement other = strong(BANK, "b", "c").requirement();

        TlsRequirement both = one.and(other);

        assertThat(one.comparedWith(other)).isEqualTo(Comparison.MIXED);
        assertThat(both).isEqualTo(other.and(one)).isEqualTo(strong(BANK, "b").requirement());
        assertThat(both.comparedWith(one)).isEqualTo(Comparison.STRONGER);
        assertThat(both.comparedWith(other)).isEqualTo(Comparison.STRONGER);
    }

    @ParameterizedTest
    @EnumSource(Comparison.class)
    void comparisonsShouldJoin(Comparison testee) {
        assertThat(testee.and(Comparison.EQUAL)).isEqualTo(testee);
        assertThat(testee.and(testee)).isEqualTo(testee);
        assertThat(testee.and(Comparison.MIXED)).isEqualTo(Comparison.MIXED);
        assertThat(Comparison.STRONGER.and(Comparison.WEAKER)).isEqualTo(Comparison.MIXED);
        assertThat(testee.atLeast()).isEqualTo(testee == Comparison.EQUAL || testee == Comparison.STRONGER);
    }
}
