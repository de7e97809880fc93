package org.jamestls.policy;

import java.util.Optional;

/**
 * Two statements of a policy table that contradict each other.
 *
 * @param policyIndex which of the policies is at fault, counted from 0 in the order given
 * @param excludedSubDomain its exclusion at fault; empty when the policy itself is
 * @param message what contradicts what, and what to write instead
 */
public record PolicyConflict(int policyIndex, Optional<DomainName> excludedSubDomain, String message) {}
