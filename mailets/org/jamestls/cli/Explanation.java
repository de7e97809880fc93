package org.jamestls.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.HostAndPort;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.MailHostPattern;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.policyfile.EntryPlaces;
import org.jamestls.policyfile.LocatedPolicies;
import org.jamestls.policyfile.Position;

/**
 * What a policy file decides about one name.
 *
 * @param subject the name
 * @param file the policy file
 * @param decision what its table says; empty when no policy can be looked up, so that mail is never sent
 * @param settings what is in force, each with its place
 */
record Explanation(Subject subject, String file, Optional<PolicyDecision> decision, List<SettingInForce> settings) {

    /** Explains names, with one walk over the file for all their places. */
    static List<Explanation> of(List<Subject> subjects, LocatedPolicies policies) {
        List<DomainName> entries = subjects.stream()
                .flatMap(subject -> subject.domain().decision(policies.table()).stream())
                .flatMap(decision -> decision.entry().stream())
                .toList();
        Map<DomainName, EntryPlaces<Position>> places = policies.positions(entries);
        Optional<Position> otherDomains = policies.positionOfOtherDomains();
        return subjects.stream()
                .map(subject -> {
                    Optional<PolicyDecision> decision = subject.domain().decision(policies.table());
                    return new Explanation(
                            subject,
                            policies.file(),
                            decision,
                            decision.map(of -> settings(of.byFileAlone(), places, otherDomains))
                                    .orElse(List.of()));
                })
                .toList();
    }

    private static List<SettingInForce> settings(
            PolicyDecision decision, Map<DomainName, EntryPlaces<Position>> places, Optional<Position> otherDomains) {
        Optional<EntryPlaces<Position>> entry = decision.entry().map(places::get);
        if (decision instanceof PolicyDecision.Enforced enforced) {
            return ofPolicy(enforced.applied(), entry.orElseThrow());
        }
        List<SettingInForce> settings = new ArrayList<>();
        if (decision instanceof PolicyDecision.Excluded excluded) {
            settings.add(new SettingInForce(
                    "subDomain",
                    excluded.excludedName().text(),
                    Optional.ofNullable(entry.orElseThrow().excludedSubDomains().get(excluded.excludedName()))));
        }
        settings.add(new SettingInForce("tls", otherDomains(decision), otherDomains));
        return settings;
    }

    private static List<SettingInForce> ofPolicy(DomainPolicy policy, EntryPlaces<Position> places) {
        List<SettingInForce> settings = new ArrayList<>();
        settings.add(new SettingInForce("domain", policy.domain().text(), Optional.of(places.domain())));
        settings.add(new SettingInForce("mode", policy.mode().value(), places.mode()));
        settings.add(new SettingInForce(
                "certificateValidation", policy.certificateValidation().toString(), places.certificateValidation()));
        for (TrustedCommonName name : trustedCommonNames(policy)) {
            settings.add(new SettingInForce(
                    "commonName",
                    PeerText.clean(name.written()),
                    Optional.ofNullable(places.trustedCommonNames().get(name))));
        }
        for (MailHostPattern pattern : mailHosts(policy)) {
            settings.add(new SettingInForce(
                    "mailHost",
                    pattern.toString(),
                    Optional.ofNullable(places.mailHosts().get(pattern))));
        }
        settings.add(new SettingInForce("mailDelivery", mailDelivery(policy), places.mailDelivery()));
        staticRoute(policy)
                .ifPresent(route -> settings.add(new SettingInForce("staticRoute", route, places.staticRoute())));
        return settings;
    }

    boolean deliverable() {
        return decision.isPresent();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(subject.shown() + ": " + verdict());
        int width = settings.stream()
                .mapToInt(setting -> setting.value().length())
                .max()
                .orElse(0);
        for (SettingInForce setting : settings) {
            lines.add(String.format(
                    "  %-21s  %-" + width + "s  %s", setting.name(), setting.value(), setting.where(file)));
        }
        decision.ifPresent(of -> lines.add(String.format("  %-21s  %s", "route", route(of))));
        return lines;
    }

    private String verdict() {
        if (subject.domain() instanceof RecipientDomain.Unconvertible unconvertible) {
            return "no mail is ever sent to it; " + unconvertible.reason();
        }
        PolicyDecision of = decision.orElseThrow();
        String entry = of.entry().map(DomainName::text).orElse("");
        String mode = of.reportOnly() ? "report only" : "enforced";
        String consequence = of.reportOnly() ? "; what would have been refused is told, and the mail delivered" : "";
        return switch (of.basis()) {
            case OWN -> mode + ", by its own entry" + consequence;
            case INHERITED -> mode + ", inherited from " + entry + consequence;
            case EXCLUDED -> "not enforced, excluded by the entry of " + entry;
            case OTHER_DOMAINS -> "not enforced, no entry holds for it";
        };
    }

    private String route(PolicyDecision of) {
        if (of.mailDelivery() instanceof MailDelivery.StaticRoute route) {
            return route.mailHost() + ", looked up by address";
        }
        boolean limited =
                of.policy().filter(policy -> !mailHosts(policy).isEmpty()).isPresent();
        return (subject.domain() instanceof RecipientDomain.AddressLiteral
                        ? subject.domain().text()
                        : "the MX hosts of " + subject.domain().text())
                + (limited ? " that mailHosts allows" : "")
                + ", or the mailet's gateway where one is set";
    }

    Json json() {
        Optional<DomainPolicy> policy = decision.flatMap(PolicyDecision::policy);
        Json json = new Json()
                .put("name", subject.written())
                .put("domain", decision.map(of -> subject.domain().text()))
                .put("enforced", decision.map(PolicyDecision::refusesViolations))
                .put("decidedBy", decision.map(of -> of.basis().label()))
                .put("entry", decision.flatMap(PolicyDecision::entry))
                .put("certificateValidation", policy.map(DomainPolicy::certificateValidation))
                .put(
                        "trustedCommonNames",
                        policy.map(Explanation::trustedCommonNames).orElse(List.of()))
                .put("mailDelivery", decision.map(Explanation::mailDelivery))
                .put("staticRoute", policy.flatMap(Explanation::staticRoute))
                .put("mailHosts", policy.map(Explanation::mailHosts).orElse(List.of()))
                .put("mode", policy.map(of -> of.mode().value()))
                .put(
                        "otherDomains",
                        decision.map(PolicyDecision::byFileAlone)
                                .filter(of -> !of.enforced())
                                .map(Explanation::otherDomains))
                .put("route", decision.map(this::route))
                .put("file", file)
                .put("settings", settings.stream().map(SettingInForce::json).toList());
        return subject.domain() instanceof RecipientDomain.Unconvertible unconvertible
                ? json.put("error", unconvertible.reason())
                : json;
    }

    private static String otherDomains(PolicyDecision decision) {
        return decision instanceof PolicyDecision.Excluded excluded
                ? excluded.otherDomains().value()
                : ((PolicyDecision.Unlisted) decision).otherDomains().value();
    }

    private static List<TrustedCommonName> trustedCommonNames(DomainPolicy policy) {
        return List.copyOf(policy.certificateValidation().trustedCommonNames());
    }

    private static List<MailHostPattern> mailHosts(DomainPolicy policy) {
        return List.copyOf(policy.mailDelivery().mailHosts());
    }

    private static String mailDelivery(PolicyDecision decision) {
        return decision.policy().map(Explanation::mailDelivery).orElse("inboundRoute");
    }

    private static String mailDelivery(DomainPolicy policy) {
        return staticRoute(policy).isPresent() ? "staticRoute" : "inboundRoute";
    }

    private static Optional<String> staticRoute(DomainPolicy policy) {
        return policy.mailDelivery().fixedMailHost().map(HostAndPort::toString);
    }
}
