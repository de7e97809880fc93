package org.jamestls.mailetcontainer;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Recipients with a domain that a policy file enforces, and what the matchers that they passed told about them.
 * A matcher is taken to say the same of a mail that no mailet has had in between.
 *
 * @param policy the policy file
 * @param unenforcedBy a policy file that does not enforce their domains
 * @param known how many of them a matcher matches, where that is known
 */
record Recipients(String policy, Optional<String> unenforcedBy, Map<MatcherName, Coverage> known) {

    Recipients {
        known = Map.copyOf(known);
    }

    static Recipients enforcedBy(String policy) {
        return new Recipients(policy, Optional.empty(), Map.of());
    }

    /** Those of them whom another policy file does not enforce. */
    Recipients unenforcedBy(String other) {
        return new Recipients(policy, Optional.of(other), known);
    }

    Recipients knowing(MatcherName name, Coverage coverage) {
        Map<MatcherName, Coverage> more = new HashMap<>(known);
        more.put(name, coverage);
        return new Recipients(policy, unenforcedBy, more);
    }

    Coverage coverage(MatcherName name) {
        if (name.isAll() || name.policy().equals(Optional.of(policy))) {
            return Coverage.ALL;
        }
        if (name.policy().isPresent() && name.policy().equals(unenforcedBy)) {
            return Coverage.NONE;
        }
        return known.getOrDefault(name, Coverage.SOME);
    }
}
