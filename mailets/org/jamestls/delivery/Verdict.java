package org.jamestls.delivery;

import java.util.Optional;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;

/** What one connection to a mail host showed about the policy. */
public sealed interface Verdict {

    /** The label of {@link Violated}. */
    String VIOLATION = "violation";

    /** The verdict as logs and attributes write it. */
    String label();

    /**
     * What a connection that mail may be sent over shows.
     *
     * @param asked what the domain asks for
     */
    static Verdict usable(TlsRequirement asked, Optional<PolicyViolation> reported, Optional<NegotiatedTls> tls) {
        Verdict withoutViolation =
                asked.tlsRequired() || asked.reportOnly() ? new Satisfied(tls) : new NotEnforced(tls);
        return reported.<Verdict>map(violation -> new Reported(violation, tls)).orElse(withoutViolation);
    }

    /** What was negotiated, where it is known and TLS. */
    default Optional<NegotiatedTls> negotiated() {
        return Optional.empty();
    }

    /**
     * The connection satisfies what is asked for; mail may be sent over it.
     *
     * @param tls what was negotiated
     */
    record Satisfied(Optional<NegotiatedTls> tls) implements Verdict {
        @Override
        public String label() {
            return "satisfied";
        }

        @Override
        public Optional<NegotiatedTls> negotiated() {
            return tls;
        }
    }

    /**
     * Nothing is asked for that a connection could violate; mail may be sent over it.
     *
     * @param tls what was negotiated; empty in the clear
     */
    record NotEnforced(Optional<NegotiatedTls> tls) implements Verdict {
        @Override
        public String label() {
            return "not-enforced";
        }

        @Override
        public Optional<NegotiatedTls> negotiated() {
            return tls;
        }
    }

    /**
     * The connection does not satisfy the policy, which is only reported: mail may be sent over it.
     *
     * @param violation why it would have been refused
     * @param tls what was negotiated; empty in the clear
     */
    record Reported(PolicyViolation violation, Optional<NegotiatedTls> tls) implements Verdict {
        @Override
        public String label() {
            return "reported";
        }

        @Override
        public Optional<NegotiatedTls> negotiated() {
            return tls;
        }
    }

    /**
     * The connection does not satisfy the policy; nothing was sent over it.
     *
     * @param violation the reason with its evidence
     */
    record Violated(PolicyViolation violation) implements Verdict {
        @Override
        public String label() {
            return VIOLATION;
        }
    }

    /**
     * There was no connection to judge, or it cannot be used for another reason than the policy.
     *
     * @param reason what went wrong; safe to show
     */
    record Failed(String reason) implements Verdict {
        @Override
        public String label() {
            return "failed";
        }
    }
}
