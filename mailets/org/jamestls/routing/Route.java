package org.jamestls.routing;

import java.util.List;

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
