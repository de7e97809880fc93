package org.jamestls.delivery;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.jamestls.policy.Host;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.RecipientDomain;

/**
 * What one delivery attempt at a domain came to. Every recipient is either among the delivered or among the failures.
 *
 * @param domain the recipients' domain
 * @param decision what the policy said; empty where none could be looked up
 * @param delivered the recipients that a mail host accepted the mail for
 * @param failures the others, each with its reason
 * @param hosts the mail hosts tried, in order
 * @param untried which others were not, and why, in words; empty where there are none
 * @param doubtful the mail host that may have taken the mail although it did not say so
 * @param acceptances which mail host took the mail for whom of the delivered, as far as it is known
 */
public record AttemptResult(
        RecipientDomain domain,
        Optional<PolicyDecision> decision,
        Set<MailAddress> delivered,
        Map<MailAddress, DeliveryFailure> failures,
        List<HostAttempt> hosts,
        Optional<String> untried,
        Optional<Host> doubtful,
        List<Acceptance> acceptances) {

    public AttemptResult {
        delivered = new LinkedHashSet<>(delivered);
        failures = new LinkedHashMap<>(failures);
        hosts = List.copyOf(hosts);
        acceptances = List.copyOf(acceptances);
    }

    /** The result of an attempt that broke off, for no fault of the mail's, before anything of it was sent. */
    static AttemptResult brokenOff(RecipientDomain domain, Collection<MailAddress> recipients) {
        Map<MailAddress, DeliveryFailure> failures = new LinkedHashMap<>();
        recipients.forEach(recipient -> failures.put(recipient, DeliveryFailure.INTERNAL_ERROR));
        return new AttemptResult(domain, Optional.empty(), Set.of(), failures, List.of());
    }

    /** What an attempt came to in which no mail host was left out, and of which it is not known which one took the mail. */
    AttemptResult(
            RecipientDomain domain,
            Optional<PolicyDecision> decision,
            Set<MailAddress> delivered,
            Map<MailAddress, DeliveryFailure> failures,
            List<HostAttempt> hosts) {
        this(domain, decision, delivered, failures, hosts, Optional.empty(), Optional.empty(), List.of());
    }

    /** The recipients whose failure may pass. */
    Set<MailAddress> temporaryFailures() {
        Set<MailAddress> temporary = new LinkedHashSet<>(failures.keySet());
        temporary.removeIf(recipient -> failures.get(recipient).permanent());
        return temporary;
    }

    /** The same result for the other recipients. */
    AttemptResult withoutTemporaryFailures() {
        Map<MailAddress, DeliveryFailure> permanent = new LinkedHashMap<>(failures);
        permanent.keySet().removeAll(temporaryFailures());
        return new AttemptResult(domain, decision, delivered, permanent, hosts, untried, doubtful, acceptances);
    }
}
