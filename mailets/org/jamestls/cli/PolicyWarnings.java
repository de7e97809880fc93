package org.jamestls.cli;

import com.google.common.net.InternetDomainName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.HostAndPort;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.OtherDomains;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.policyfile.EntryPlaces;
import org.jamestls.policyfile.LocatedPolicies;
import org.jamestls.policyfile.Position;

/** Looks for what is allowed in a policy file and yet rarely meant. */
final class PolicyWarnings {

    /** RFC 6761 §6.4 and RFC 7686 §2: top-level domains about which the DNS never answers. */
    private static final Set<String> OUTSIDE_THE_DNS = Set.of("invalid", "onion");

    private static final int TLS_FROM_THE_FIRST_BYTE = 465; // RFC 8314 §7.3
    private static final int NAMES_SHOWN = 20;
    private static final Pattern WILDCARD_LABEL = Pattern.compile("^\\*\\.");
    private static final Position START_OF_FILE = new Position(1, 1, 0);

    private final LocatedPolicies policies;
    private final PolicyTable table;
    private final List<Finding> findings = new ArrayList<>();

    /** A warning whose position is looked up when all are known. */
    private record Finding(
            DomainName entry, Function<EntryPlaces<Position>, Optional<Position>> place, String message) {

        Warning at(EntryPlaces<Position> places) {
            return new Warning(place.apply(places).orElse(places.domain()), message);
        }
    }

    private PolicyWarnings(LocatedPolicies policies) {
        this.policies = policies;
        this.table = policies.table();
    }

    /** The warnings about a file, in its order. */
    static List<Warning> of(LocatedPolicies policies) {
        return new PolicyWarnings(policies).find();
    }

    private List<Warning> find() {
        for (DomainPolicy policy : table.policies()) {
            outsideTheDns(policy);
            coversPublicSuffix(policy);
            saysWhatIsInherited(policy);
            excludesTwice(policy);
            validatesNothing(policy);
            trustsPublicSuffix(policy);
            trustsAddress(policy);
            routesByAddressAlone(policy);
            routesToImplicitTls(policy);
            allowsPublicSuffix(policy);
            reportsWhereTlsIsRequired(policy);
        }
        restsOnMxAlone();
        Map<DomainName, EntryPlaces<Position>> positions =
                policies.positions(findings.stream().map(Finding::entry).toList());
        List<Warning> warnings = new ArrayList<>();
        findings.forEach(finding -> warnings.add(finding.at(positions.get(finding.entry()))));
        warnings.addAll(aboutTheWhole());
        warnings.sort(Comparator.comparingInt(warning -> warning.position().offset()));
        return warnings;
    }

    private List<Warning> aboutTheWhole() {
        List<Warning> warnings = new ArrayList<>();
        if (table.policies().isEmpty()) {
            warnings.add(new Warning(START_OF_FILE, "no domain is enforced; write a <domain> for each that shall be"));
        }
        if (table.otherDomains() == OtherDomains.NONE) {
            warnings.add(new Warning(
                    policies.positionOfOtherDomains().orElse(START_OF_FILE),
                    "mail to other domains goes in the clear even where TLS is offered; write"
                            + " <tls>opportunistic</tls>"));
        }
        return warnings;
    }

    private void outsideTheDns(DomainPolicy policy) {
        String name = policy.domain().text();
        String topLevel = name.substring(name.lastIndexOf('.') + 1);
        if (OUTSIDE_THE_DNS.contains(topLevel) && policy.mailDelivery() instanceof MailDelivery.InboundRoute) {
            atDomain(
                    policy,
                    "the policy of " + name + " can never apply: the DNS knows nothing below ." + topLevel
                            + "; remove the entry, or give it a <staticRoute>");
        }
    }

    private void coversPublicSuffix(DomainPolicy policy) {
        if (isPublicSuffix(policy.domain().text())) {
            atDomain(
                    policy,
                    policy.domain() + " is a public suffix: the policy holds for everybody's domains below it; list"
                            + " the domains that are meant");
        }
    }

    private void saysWhatIsInherited(DomainPolicy policy) {
        Optional<DomainPolicy> inherited =
                policy.domain().parent().map(table::find).flatMap(PolicyDecision::policy);
        boolean same = inherited
                .filter(ancestor -> ancestor.mode() == policy.mode()
                        && ancestor.certificateValidation().equals(policy.certificateValidation())
                        && ancestor.mailDelivery().equals(policy.mailDelivery())
                        && policy.excludedSubDomains().isEmpty())
                .isPresent();
        if (same) {
            atDomain(
                    policy,
                    "the entry of " + policy.domain() + " never makes a difference: it says what "
                            + inherited.get().domain() + " passes on to it; remove it, or write what differs");
        }
    }

    private void excludesTwice(DomainPolicy policy) {
        for (DomainName excluded : policy.excludedSubDomains()) {
            Optional<PolicyDecision> above = excluded.parent().map(table::find);
            if (above.filter(decision -> decision.basis() == PolicyDecision.Basis.EXCLUDED)
                    .isPresent()) {
                at(
                        policy,
                        places ->
                                Optional.ofNullable(places.excludedSubDomains().get(excluded)),
                        "the exclusion of " + excluded
                                + " can never apply: a name above it is excluded too; remove it");
            }
        }
    }

    private void validatesNothing(DomainPolicy policy) {
        if (policy.certificateValidation() instanceof CertificateValidation.Relaxed) {
            at(
                    policy,
                    EntryPlaces::certificateValidation,
                    "relaxed validation checks no certificate: whoever poisons the DNS or sits in the middle can pose as "
                            + policy.domain() + "; write strong where the partner's certificate allows it");
        }
    }

    private void trustsPublicSuffix(DomainPolicy policy) {
        for (TrustedCommonName name : policy.certificateValidation().trustedCommonNames()) {
            if (isPublicSuffix(WILDCARD_LABEL.matcher(name.written()).replaceFirst(""))) {
                atTrusted(
                        policy,
                        name,
                        "the trusted common name " + PeerText.clean(name.written())
                                + " is a public suffix: nobody in particular bears it; write the name in the"
                                + " partner's certificate");
            }
        }
    }

    private void trustsAddress(DomainPolicy policy) {
        for (TrustedCommonName name : policy.certificateValidation().trustedCommonNames()) {
            if (IpAddress.looksLikeAddress(name.written())) {
                atTrusted(
                        policy,
                        name,
                        "the trusted common name " + PeerText.clean(name.written())
                                + " is an IP address, which compares with the CN alone and never with an IP SAN; write"
                                + " a name in the partner's certificate");
            }
        }
    }

    private void routesByAddressAlone(DomainPolicy policy) {
        boolean strongWithoutName = policy.certificateValidation() instanceof CertificateValidation.Strong
                && policy.certificateValidation().trustedCommonNames().isEmpty();
        policy.mailDelivery()
                .fixedMailHost()
                .filter(route -> route.host() instanceof IpAddress && strongWithoutName)
                .ifPresent(route -> at(
                        policy,
                        EntryPlaces::staticRoute,
                        "under strong validation the certificate must bear the IP address "
                                + route.host().text()
                                + " itself, which few do; write a host name, or a <commonName> in"
                                + " <trustedCommonNames>"));
    }

    private void routesToImplicitTls(DomainPolicy policy) {
        policy.mailDelivery()
                .fixedMailHost()
                .filter(route -> route.port() == TLS_FROM_THE_FIRST_BYTE)
                .ifPresent(route -> at(
                        policy,
                        EntryPlaces::staticRoute,
                        "port 465 expects TLS from the first byte, and delivery begins with STARTTLS; write the port"
                                + " for mail servers, usually " + HostAndPort.SMTP_PORT));
    }

    private void allowsPublicSuffix(DomainPolicy policy) {
        policy.mailDelivery().mailHosts().stream()
                .filter(pattern -> isPublicSuffix(pattern.name().text()))
                .forEach(pattern -> at(
                        policy,
                        places -> Optional.ofNullable(places.mailHosts().get(pattern)),
                        "the mail host " + pattern + " lies at a public suffix: anybody may have a name there;"
                                + " write the partner's own names"));
    }

    private void reportsWhereTlsIsRequired(DomainPolicy policy) {
        if (policy.reportOnly() && table.otherDomains() == OtherDomains.REQUIRED) {
            at(
                    policy,
                    EntryPlaces::mode,
                    "report mode delivers in the clear if need be, while domains without an entry get mail over TLS"
                            + " alone; write enforce, with relaxed validation if need be");
        }
    }

    /** One warning for all of them: it concerns every entry that says no more than its domain. */
    private void restsOnMxAlone() {
        List<DomainPolicy> resting = table.policies().stream()
                .filter(MailHostsProposal::restsOnMxAlone)
                .toList();
        if (!resting.isEmpty()) {
            int omitted = resting.size() - NAMES_SHOWN;
            String names = resting.stream()
                    .limit(NAMES_SHOWN)
                    .map(policy -> policy.domain().text())
                    .collect(Collectors.joining(", "));
            atDomain(
                    resting.get(0),
                    "strong validation rests on unsigned MX records alone for " + names
                            + (omitted > 0 ? " and " + omitted + " more" : "")
                            + ": whoever forges them names a host with a certificate of its own; write <mailHosts>,"
                            + " which probe prints");
        }
    }

    private static boolean isPublicSuffix(String name) {
        return InternetDomainName.isValid(name) && InternetDomainName.from(name).isPublicSuffix();
    }

    private void atDomain(DomainPolicy policy, String message) {
        at(policy, places -> Optional.of(places.domain()), message);
    }

    private void atTrusted(DomainPolicy policy, TrustedCommonName name, String message) {
        at(policy, places -> Optional.ofNullable(places.trustedCommonNames().get(name)), message);
    }

    private void at(DomainPolicy policy, Function<EntryPlaces<Position>, Optional<Position>> place, String message) {
        findings.add(new Finding(policy.domain(), place, message));
    }
}
