package org.jamestls.policy;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a new policy table changes. Strength is compared on what applies, not on what is written: a sub-domain whose
 * entry goes and that inherits an equal policy is removed, but not weakened. It is a partial order, by what is asked of
 * TLS, by the trusted common names and by the mail hosts that the DNS may name: a name gained weakens, a name lost
 * strengthens, and both together do neither.
 *
 * @param added domains listed now that were not
 * @param removed domains listed before that are not now
 * @param strengthened names, other than the added, to which something stronger applies than before, and nothing weaker
 * @param weakened names, other than the removed, for which it is the other way round: listed domains and excluded
 *     sub-domains alike
 * @param altered names to which something else applies that is neither: another route, other trusted common names,
 *     {@code <otherDomains>} instead of a policy
 * @param weakerInPart those of the altered to which something weaker applies, and something stronger beside it
 * @param otherDomainsBefore what applied to domains without a policy
 * @param otherDomainsAfter what applies to them now
 */
public record PolicyChange(
        SortedSet<DomainName> added,
        SortedSet<DomainName> removed,
        SortedSet<DomainName> strengthened,
        SortedSet<DomainName> weakened,
        SortedSet<DomainName> altered,
        SortedSet<DomainName> weakerInPart,
        OtherDomains otherDomainsBefore,
        OtherDomains otherDomainsAfter) {

    public PolicyChange {
        added = Collections.unmodifiableSortedSet(new TreeSet<>(added));
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
        strengthened = Collections.unmodifiableSortedSet(new TreeSet<>(strengthened));
        weakened = Collections.unmodifiableSortedSet(new TreeSet<>(weakened));
        altered = Collections.unmodifiableSortedSet(new TreeSet<>(altered));
        weakerInPart = Collections.unmodifiableSortedSet(new TreeSet<>(weakerInPart));
    }

    /** Compares two tables on every name that either of them lists or excludes. */
    public static PolicyChange between(PolicyTable before, PolicyTable after) {
        SortedSet<DomainName> added = new TreeSet<>();
        SortedSet<DomainName> removed = new TreeSet<>();
        SortedSet<DomainName> strengthened = new TreeSet<>();
        SortedSet<DomainName> weakened = new TreeSet<>();
        SortedSet<DomainName> altered = new TreeSet<>();
        SortedSet<DomainName> weakerInPart = new TreeSet<>();
        for (DomainName name : namesOf(before, after)) {
            boolean wasListed = before.ownPolicy(name).isPresent();
            boolean isListed = after.ownPolicy(name).isPresent();
            PolicyDecision then = before.find(name);
            PolicyDecision now = after.find(name);
            if (isListed && !wasListed) {
                added.add(name);
            }
            if (wasListed && !isListed) {
                removed.add(name);
            }
            switch (comparison(then, now)) {
                case STRONGER -> addUnless(added, strengthened, name);
                case WEAKER -> addUnless(removed, weakened, name);
                case MIXED -> {
                    addUnless(removed, altered, name);
                    addUnless(removed, weakerInPart, name);
                }
                case EQUAL -> {
                    if (isListed == wasListed && !sameApplies(then, now)) {
                        altered.add(name);
                    }
                }
            }
        }
        return new PolicyChange(
                added,
                removed,
                strengthened,
                weakened,
                altered,
                weakerInPart,
                before.otherDomains(),
                after.otherDomains());
    }

    private static void addUnless(Set<DomainName> told, Set<DomainName> names, DomainName name) {
        if (!told.contains(name)) {
            names.add(name);
        }
    }

    private static Set<DomainName> namesOf(PolicyTable before, PolicyTable after) {
        Set<DomainName> names = new LinkedHashSet<>();
        for (PolicyTable table : new PolicyTable[] {before, after}) {
            for (DomainPolicy policy : table.policies()) {
                names.add(policy.domain());
                names.addAll(policy.excludedSubDomains());
            }
        }
        return names;
    }

    private static Comparison comparison(PolicyDecision then, PolicyDecision now) {
        return now.requirement()
                .comparedWith(then.requirement())
                .and(enforcedDelivery(now).comparedWith(enforcedDelivery(then)));
    }

    /** What is enforced of the way to the mail host: where violations are only reported, none is ruled out. */
    private static MailDelivery enforcedDelivery(PolicyDecision decision) {
        return decision.reportOnly() ? new MailDelivery.InboundRoute() : decision.mailDelivery();
    }

    private static boolean sameApplies(PolicyDecision then, PolicyDecision now) {
        return then.enforced() == now.enforced()
                && then.requirement().equals(now.requirement())
                && then.mailDelivery().equals(now.mailDelivery());
    }

    /** Whether any mail may now leave under what is weaker, be it in part, or without a policy of its own. */
    public boolean weakens() {
        return !removed.isEmpty() || !weakened.isEmpty() || !weakerInPart.isEmpty() || otherDomainsWeakened();
    }

    /** Whether the two tables mean the same. */
    public boolean isEmpty() {
        return added.isEmpty()
                && removed.isEmpty()
                && strengthened.isEmpty()
                && weakened.isEmpty()
                && altered.isEmpty()
                && otherDomainsBefore == otherDomainsAfter;
    }

    private boolean otherDomainsWeakened() {
        return !otherDomainsAfter
                .requirement()
                .comparedWith(otherDomainsBefore.requirement())
                .atLeast();
    }
}
