package org.jamestls.mailetcontainer;

import java.util.Optional;

/** What a mailet does with mail for enforced domains that gets to it. */
enum Effect {
    /** It delivers as the policy asks, or as another policy file asks that enforces the same domains. */
    ENFORCES,
    /** It delivers without knowing the policy. */
    LETS_OUT,
    /** It sends mail to another processor. */
    REDIRECTS,
    /** It ends mail. */
    DISCARDS,
    /** It does something, and mail walks on. So do all that are unknown, and those that end mail only as parameters say. */
    PASSES_ON;

    private static final String JAMES_MAILETS = "org.apache.james.transport.mailets.";

    static Effect of(ConfiguredMailet mailet, Recipients recipients) {
        if (mailet.isTlsRemoteDelivery()) {
            return enforces(mailet, recipients) ? ENFORCES : LETS_OUT;
        }
        if (mailet.isPlainRemoteDelivery()) {
            return LETS_OUT;
        }
        if (isOfJames(mailet, "ToProcessor")) {
            // James moves mail when its processor changes; sent to the one that it is in, it walks on
            return mailet.parameter("processor").equals(Optional.of(mailet.processor())) ? PASSES_ON : REDIRECTS;
        }
        return isOfJames(mailet, "Null") ? DISCARDS : PASSES_ON;
    }

    private static boolean enforces(ConfiguredMailet ours, Recipients recipients) {
        return ours.policy().equals(recipients.policy())
                || ours.matcher().coverage(recipients.unenforcedBy(ours.policy())) == Coverage.NONE;
    }

    private static boolean isOfJames(ConfiguredMailet mailet, String name) {
        return mailet.className().equals(name) || mailet.className().equals(JAMES_MAILETS + name);
    }
}
