package org.jamestls.james;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jamestls.policy.Violation;

/**
 * One situation, and what has to come of a mail in it.
 *
 * @param name what is special about it
 * @param stage sets up DNS and mail hosts
 * @param policy the elements of the policy file; asked after the stage is set, so that routes can name ports
 * @param recipient who the mail goes to
 * @param expected what has to come of it
 */
public record EnforcementCase(
        String name, Consumer<Stage> stage, Function<Stage, String> policy, String recipient, Expected expected) {

    /**
     * What has to come of a mail.
     *
     * @param host the mail host that gets it, once; empty when none may
     * @param overTls whether it travels over TLS
     * @param violation why no host may get it; why it would have been refused where one gets it
     */
    public record Expected(Optional<String> host, boolean overTls, Optional<Violation> violation) {

        public static Expected deliveredOverTls(String host) {
            return new Expected(Optional.of(host), true, Optional.empty());
        }

        public static Expected deliveredInTheClear(String host) {
            return new Expected(Optional.of(host), false, Optional.empty());
        }

        public static Expected reported(String host, boolean overTls, Violation violation) {
            return new Expected(Optional.of(host), overTls, Optional.of(violation));
        }

        public static Expected violation(Violation violation) {
            return new Expected(Optional.empty(), false, Optional.of(violation));
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
