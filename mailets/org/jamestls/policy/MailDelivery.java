package org.jamestls.policy;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How mail reaches a domain: {@code <mailDelivery>} with its {@code <staticRoute>} or {@code <mailHosts>}. */
public sealed interface MailDelivery {

    /** Why a mail host that the DNS names for the domain may not be connected to; empty when it may. */
    default Optional<PolicyViolation> violationBy(Host mailHost) {
        return Optional.empty();
    }

    /** The mail hosts that the DNS may name, in the order configured; empty for whichever it names, or where it is not asked. */
    default Set<MailHostPattern> mailHosts() {
        return Set.of();
    }

    /** The fixed mail host; empty by the domain's normal way in. */
    default Optional<HostAndPort> fixedMailHost() {
        return Optional.empty();
    }

    /**
     * How the mail hosts that the DNS may name compare with another's: fewer are stronger. A static route is another
     * way, not a stronger one.
     */
    default Comparison comparedWith(MailDelivery other) {
        boolean byDns = fixedMailHost().isEmpty() && other.fixedMailHost().isEmpty();
        return byDns
                ? Comparison.of(within(mailHosts(), other.mailHosts()), within(other.mailHosts(), mailHosts()))
                : Comparison.EQUAL;
    }

    private static boolean within(Set<MailHostPattern> few, Set<MailHostPattern> many) {
        return many.isEmpty() // whichever the DNS names
                || !few.isEmpty() && few.stream().allMatch(pattern -> pattern.coveredBy(many));
    }

    /**
     * The domain's normal way in: its MX records (RFC 5321 §5.1), or the mailet's gateway where one is set.
     *
     * @param mailHosts the mail hosts that the DNS may name, in the order configured; empty for whichever it names
     */
    record InboundRoute(Set<MailHostPattern> mailHosts) implements MailDelivery {
        public InboundRoute {
            mailHosts = mailHosts.isEmpty() ? Set.of() : Collections.unmodifiableSet(new LinkedHashSet<>(mailHosts));
        }

        /** By way of whichever mail hosts the DNS names. */
        public InboundRoute() {
            this(Set.of());
        }

        @Override
        public Optional<PolicyViolation> violationBy(Host mailHost) {
            // RFC 8461 §4.1: one pattern that matches is enough
            boolean allowed = mailHosts.isEmpty() || mailHosts.stream().anyMatch(pattern -> pattern.matches(mailHost));
            return allowed
                    ? Optional.empty()
                    : Optional.of(new PolicyViolation(
                            Violation.MAIL_HOST_NOT_ALLOWED,
                            mailHosts.stream().map(MailHostPattern::toString).collect(Collectors.joining(", ")),
                            mailHost.text() + ", named by the DNS"));
        }

        @Override
        public String toString() {
            return "inboundRoute";
        }
    }

    /**
     * One fixed mail host. It is looked up by address alone, never by MX.
     *
     * @param mailHost where the connection goes
     */
    record StaticRoute(HostAndPort mailHost) implements MailDelivery {

        /**
         * Parses a {@code <staticRoute>}; the default port is 25.
         *
         * @throws InvalidValueException as {@link HostAndPort#parse} does
         */
        public static StaticRoute parse(String text) {
            return new StaticRoute(HostAndPort.parse(text, HostAndPort.SMTP_PORT));
        }

        @Override
        public Optional<HostAndPort> fixedMailHost() {
            return Optional.of(mailHost);
        }

        @Override
        public String toString() {
            return "staticRoute " + mailHost;
        }
    }
}
