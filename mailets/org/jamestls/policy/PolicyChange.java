package org.jamestls.policy;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a new policy table changes. Strength is compared on what applies, not on what is written: a sub-domain whose
 * entry goes and that inherits an equal policy is removed, but not weakened.
 *
 * @param added domains listed now that were not
 * @param removed domains listed before that are not now
 * @param strengthened names, other than the added, to which a stronger requirement applies than before, or for which
 *     the DNS may name fewer mail hosts
 * @param weakened names, other than the removed, for which it is the other way round: listed domains and excluded
 *     sub-domains alike
 * @param altered names, other than all of those, to which something else of the same strength applies: another route,
 *     other trusted common names, {@code <otherDomains>} instead of a policy
 * @param otherDomainsBefore what applied to domains without a policy
 * @param otherDomainsAfter what applies to them now
 */
public record PolicyChange(
        SortedSet<DomainName> added,
        SortedSet<DomainName> removed,
        SortedSet<DomainName> strengthened,
        SortedSet<DomainName> weakened,
        SortedSet<DomainName> altered,
        OtherDomains otherDomainsBefore,
        OtherDomains otherDomainsAfter) {

    public PolicyChange {
        added = Collections.unmodifiableSortedSet(new TreeSet<>(added));
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
        strengthened = Collections.unmodifiableSortedSet(new TreeSet<>(strengthened));
        weakened = Collections.unmodifiableSortedSet(new TreeSet<>(weakened));
        altered = Collections.unmodifiableSortedSet(new TreeSet<>(altered));
    }

    /** Compares two tables on every name that either of them lists or excludes. */
    public static PolicyChange between(PolicyTable before, PolicyTable after) {
        SortedSet<DomainName> added = new TreeSet<>();
        SortedSet<DomainName> removed = new TreeSet<>();
        SortedSet<DomainName> strengthened = new TreeSet<>();
        SortedSet<DomainName> weakened = new TreeSet<>();
        SortedSet<DomainName> altered = new TreeSet<>();
        for (DomainName name : namesOf(before, after)) {
            boolean wasListed = before.ownPolicy(name).isPresent();
            boolean isListed = after.ownPolicy(name).isPresent();
            PolicyDecision then = before.find(name);
            PolicyDecision now = after.find(name);
            int gain = gain(then, now);
            if (isListed && !wasListed) {
                added.add(name);
            }
            if (wasListed && !isListed) {
                removed.add(name);
            }
            if (gain > 0 && !added.contains(name)) {
                strengthened.add(name);
            }
            if (gain < 0 && !removed.contains(name)) {
                weakened.add(name);
            }
            if (gain == 0 && isListed == wasListed && !sameApplies(then, now)) {
                altered.add(name);
            }
        }
        return new PolicyChange(
                added, removed, strengthened, weakened, altered, before.otherDomains(), after.otherDomains());
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

    private static int gain(PolicyDecision then, PolicyDecision now) {
        int gain = now.requirement().strength().compareTo(then.requirement().strength());
        return gain != 0 ? gain : fewerMailHosts(then.mailDelivery(), now.mailDelivery());
    }

    /** Above zero when the DNS may name fewer mail hosts than before; a static route is another way, not a stronger. */
    private static int fewerMailHosts(MailDelivery then, MailDelivery now) {
        return then instanceof MailDelivery.InboundRoute before && now instanceof MailDelivery.InboundRoute after
                ? Integer.compare(namesAllowed(before), namesAllowed(after))
                : 0;
    }

    private static int namesAllowed(MailDelivery.InboundRoute route) {
        return route.mailHosts().isEmpty()
                ? Integer.MAX_VALUE
                : route.mailHosts().size();
    }

    private static boolean sameApplies(PolicyDecision then, PolicyDecision now) {
        return then.enforced() == now.enforced()
                && then.requirement().equals(now.requirement())
                && then.mailDelivery().equals(now.mailDelivery());
    }

    /** Whether any mail may now leave under a weaker requirement, or without a policy of its own. */
    public boolean weakens() {
        return !removed.isEmpty() || !weakened.isEmpty() || otherDomainsGain() < 0;
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

    private int otherDomainsGain() {
        return otherDomainsAfter
                .requirement()
                .strength()
                .compareTo(otherDomainsBefore.requirement().strength());
    }
}
