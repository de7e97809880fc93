package org.jamestls.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.policyfile.LivePolicy;
import org.jamestls.routing.Route;
import org.jamestls.routing.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One delivery attempt at one domain: the policy as it is now, the route, the tour of the mail hosts. Safe for use by
 * several threads.
 */
final class DomainDelivery {

    private static final Logger LOGGER = LoggerFactory.getLogger(DomainDelivery.class);

    /** How often an attempt starts over because the policy changed under it. */
    private static final int MOST_RESTARTS = 3;

    private final LivePolicy policy;
    private final Router router;
    private final MailHostTours tours;
    private final int maxDnsProblemRetries;
    private final TlsRequirement leastTls;

    /** @param leastTls what connections for domains without a policy have to reach at least */
    DomainDelivery(
            LivePolicy policy, Router router, MailHostTours tours, int maxDnsProblemRetries, TlsRequirement leastTls) {
        this.policy = policy;
        this.router = router;
        this.tours = tours;
        this.maxDnsProblemRetries = maxDnsProblemRetries;
        this.leastTls = leastTls;
    }

    /**
     * Tries to deliver a mail to recipients of one domain. Never throws: what goes wrong is a failure of the recipients
     * concerned.
     */
    AttemptResult attempt(Mail mail, RecipientDomain domain, List<MailAddress> recipients) {
        try {
            Optional<DeliveryFailure> loop = MailLoop.suspectedOf(mail);
            return loop.isPresent()
                    ? failed(domain, currentDecision(mail, domain), recipients, loop.get())
                    : underCurrentPolicy(mail, domain, recipients);
        } catch (RuntimeException | Error e) {
            AttemptResult result = AttemptResult.brokenOff(domain, recipients);
            SureLog.error(LOGGER, "The attempt to deliver mail {} to {} broke off", mail.getName(), domain.text(), e);
            return result;
        }
    }

    private AttemptResult underCurrentPolicy(Mail mail, RecipientDomain domain, List<MailAddress> recipients) {
        for (int restart = 0; restart <= MOST_RESTARTS; restart++) {
            Optional<PolicyDecision> decision = currentDecision(mail, domain);
            if (decision.isEmpty()) {
                return failed(domain, decision, recipients, unconvertible((RecipientDomain.Unconvertible) domain));
            }
            Optional<AttemptResult> result = underDecision(mail, domain, decision.get(), recipients);
            if (result.isPresent()) {
                return result.get();
            }
        }
        return failed(
                domain,
                currentDecision(mail, domain),
                recipients,
                DeliveryFailure.temporary("4.3.5", "the TLS policy changed again and again during the attempt"));
    }

    private Optional<PolicyDecision> currentDecision(Mail mail, RecipientDomain domain) {
        return domain.decision(policy.current())
                .map(decision -> decision.atLeast(leastTls, "the mailet's parameters"))
                .map(decision -> RequireTls.bind(mail, decision));
    }

    private Optional<AttemptResult> underDecision(
            Mail mail, RecipientDomain domain, PolicyDecision decision, List<MailAddress> recipients) {
        Route route = router.route(domain, decision);
        if (route instanceof Route.MailHosts hosts) {
            return tours.visit(
                    mail,
                    domain,
                    hosts.bind(decision),
                    hosts.mailHosts(),
                    recipients,
                    () -> currentDecision(mail, domain).equals(Optional.of(decision)));
        }
        return Optional.of(failed(domain, Optional.of(decision), recipients, unroutable(mail, domain, route)));
    }

    private static DeliveryFailure unconvertible(RecipientDomain.Unconvertible domain) {
        // RFC 3463 §3.2: X.1.2 bad destination system address
        return DeliveryFailure.permanent(
                "5.1.2", "no TLS policy can be looked up for the domain, so nothing is sent to it: " + domain.reason());
    }

    private DeliveryFailure unroutable(Mail mail, RecipientDomain domain, Route route) {
        if (route instanceof Route.NullMx) {
            // RFC 7505 §4.2: X.1.10 recipient address has null MX
            return DeliveryFailure.permanent("5.1.10", domain.text() + " accepts no mail: it has a null MX");
        }
        if (route instanceof Route.Unknown unknown) {
            return DeliveryFailure.temporary("4.4.3", unknown.reason());
        }
        String reason = "the DNS knows no mail host of " + domain.text();
        return DeliveryAttributes.retries(mail) >= maxDnsProblemRetries
                ? DeliveryFailure.permanent("5.4.4", reason)
                : DeliveryFailure.temporary("4.4.4", reason);
    }

    private static AttemptResult failed(
            RecipientDomain domain,
            Optional<PolicyDecision> decision,
            List<MailAddress> recipients,
            DeliveryFailure failure) {
        Map<MailAddress, DeliveryFailure> failures = new LinkedHashMap<>();
        recipients.forEach(recipient -> failures.put(recipient, failure));
        return new AttemptResult(domain, decision, Set.of(), failures, List.of());
    }
}
