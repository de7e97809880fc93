package org.jamestls.routing;

import java.util.Optional;
import org.jamestls.policy.Host;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.smtp.Credentials;

/**
 * A server that a connection goes to.
 *
 * @param host its name or address: the reference identity of its certificate
 * @param port its TCP port
 * @param source what named it
 * @param credentials what to authenticate with; a gateway's alone
 */
public record MailHost(Host host, int port, Source source, Optional<Credentials> credentials) {

    /** What named a mail host. */
    public enum Source {
        MX("MX host"),
        ADDRESS_LITERAL("address literal"),
        GATEWAY("gateway"),
        STATIC_ROUTE("static route");

        private final String label;

        Source(String label) {
            this.label = label;
        }

        /** The source in words. */
        public String label() {
            return label;
        }

        /** Whether the operator configured the host, so that its address may belong to the operator's own network. */
        public boolean configured() {
            return this == GATEWAY || this == STATIC_ROUTE;
        }
    }

    /** Why the policy allows no connection to the host; empty when it allows one. */
    public Optional<PolicyViolation> violation(PolicyDecision decision) {
        return source == Source.MX ? decision.mailDelivery().violationBy(host) : Optional.empty();
    }

    /**
     * What a connection to the host is held to: the domain's decision, and a verified certificate before credentials that
     * are for proven hosts alone.
     */
    PolicyDecision bind(PolicyDecision decision) {
        return credentials.filter(Credentials::forProvenHostsAlone).isPresent()
                ? decision.verified("the gateway's credentials")
                : decision;
    }

    public MailHost(Host host, int port, Source source) {
        this(host, port, source, Optional.empty());
    }
}
