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
                        "altered bank.example"),
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
                        "altered bank.example"),
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
        return words.toString().trim();
    }

    static Stream<Arguments> weakenings() {
        return Stream.of(
                Arguments.of(opportunistic(strong(BANK)), opportunistic(strong(BANK)), false, "nothing changes"),
                Arguments.of(opportunistic(), opportunistic(strong(BANK)), false, "a domain comes"),
                Arguments.of(opportunistic(strong(BANK)), opportunistic(), true, "a domain goes"),
                Arguments.of(opportunistic(strong(BANK)), opportunistic(relaxed(BANK)), true, "a domain is weakened"),
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

    @Test
    void strengthShouldOrderRequirements() {
        List<TlsStrength> weakestFirst = Stream.of(
                        TlsRequirement.CLEARTEXT,
                        TlsRequirement.OPPORTUNISTIC,
                        TlsRequirement.ENCRYPTED,
                        strong(BANK, "a", "b").certificateValidation().requirement(),
                        strong(BANK, "a").certificateValidation().requirement(),
                        strong(BANK).certificateValidation().requirement())
                .map(TlsRequirement::strength)
                .toList();

        assertThat(weakestFirst).isSorted().doesNotHaveDuplicates();
        assertThat(CertificateValidation.RELAXED.requirement().strength())
                .isEqualByComparingTo(OtherDomains.REQUIRED.requirement().strength());
    }
}
