package org.jamestls.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.MailHostPattern;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.routing.MailHost;

/**
 * The {@code <mailHosts>} that would keep a domain's mail to the MX hosts that satisfied its policy.
 *
 * @param domain the domain of the entry
 * @param mailHosts the hosts, at least one
 */
record MailHostsProposal(DomainName domain, Set<MailHostPattern> mailHosts) {

    static final String CAUTION = "ask the partner whether these are all of them, now and when they change; sub-domains"
            + " that inherit the entry are kept to them too";

    /**
     * What to propose where strong validation rests on the names that the DNS gives. An ancestor's entry is left alone,
     * since it holds for other domains as well.
     */
    static Optional<MailHostsProposal> of(PolicyDecision decision, List<AddressProbe> addresses) {
        if (decision.basis() != PolicyDecision.Basis.OWN
                || decision.policy().filter(MailHostsProposal::restsOnMxAlone).isEmpty()) {
            return Optional.empty();
        }
        Set<MailHostPattern> proven = addresses.stream()
                .filter(address -> address.satisfied() && address.mailHost().source() == MailHost.Source.MX)
                .flatMap(address -> pattern(address.mailHost()).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return decision.entry().filter(entry -> !proven.isEmpty()).map(entry -> new MailHostsProposal(entry, proven));
    }

    /** Whether strong validation proves no more than the name that the DNS gives. */
    static boolean restsOnMxAlone(DomainPolicy policy) {
        return policy.certificateValidation() instanceof CertificateValidation.Strong
                && policy.mailDelivery().fixedMailHost().isEmpty()
                && policy.mailDelivery().mailHosts().isEmpty();
    }

    /** The name that an MX record gives; an address there cannot be listed. */
    static Optional<MailHostPattern> pattern(MailHost mailHost) {
        return mailHost.host() instanceof DomainName name
                ? Optional.of(new MailHostPattern(false, name))
                : Optional.empty();
    }

    /** The element to paste. */
    String xml() {
        return String.join("\n", PolicyXml.mailHosts(mailHosts));
    }
}
