package org.jamestls.routing;

import java.util.List;
import org.jamestls.policy.PolicyDecision;

/** Where mail for a domain goes, or why it can go nowhere. */
public sealed interface Route {

    /**
     * The mail hosts to try.
     *
     * @param mailHosts at least one, in the order to try them
     */
    record MailHosts(List<MailHost> mailHosts) implements Route {
        public MailHosts {
            mailHosts = List.copyOf(mailHosts);
        }

        /** What connections on this route are held to: the domain's decision joined with what the hosts' roles ask for. */
        public PolicyDecision bind(PolicyDecision decision) {
            PolicyDecision bound = decision;
            for (MailHost mailHost : mailHosts) {
                bound = mailHost.bind(bound);
            }
            return bound;
        }
    }

    /** The domain has a null MX: it accepts no mail (RFC 7505 §3). */
    record NullMx() implements Route {}

    /** The DNS knows neither an MX record nor an address of the domain. */
    record NoMailHost() implements Route {}

    /**
     * The DNS cannot say at the moment.
     *
     * @param reason what the resolver reported
     */
    record Unknown(String reason) implements Route {}
}
