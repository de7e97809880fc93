package org.jamestls.delivery;

import java.util.Optional;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;

/** What one connection to a mail host showed about the policy. */
public sealed interface Verdict {

    /** The verdict as logs and attributes write it. */
    String label();

    /** What a connection that mail may be sent over shows. */
    static Verdict usable(Optional<PolicyViolation> reported, Optional<NegotiatedTls> tls) {
        return reported.<Verdict>map(violation -> new Reported(violation, tls)).orElseGet(() -> new Satisfied(tls));
    }

    /**
     * The connection satisfies the policy; mail may be sent over it.
     *
     * @param tls what was negotiated; empty in the clear, where the policy allows that
     */
    record Satisfied(Optional<NegotiatedTls> tls) implements Verdict {
        @Override
        public String label() {
            return "satisfied";
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
    }

    /**
     * The connection does not satisfy the policy; nothing was sent over it.
     *
     * @param violation the reason with its evidence
     */
    record Violated(PolicyViolation violation) implements Verdict {
        @Override
        public String label() {
            return "violation";
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
