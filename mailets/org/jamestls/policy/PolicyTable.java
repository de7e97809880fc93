package org.jamestls.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All policies, and which of them applies to a domain. */
public final class PolicyTable {

    private static final float LOAD_FACTOR = 0.75f; // HashMap's default

    private final Map<String, Entry> entries;
    private final List<DomainPolicy> policies;
    private final OtherDomains otherDomains;

    private PolicyTable(Map<String, Entry> entries, List<DomainPolicy> policies, OtherDomains otherDomains) {
        this.entries = entries;
        this.policies = policies;
        this.otherDomains = otherDomains;
    }

    /**
     * Makes a table.
     *
     * @throws InvalidValueException when policies contradict each other; {@link #conflicts} tells which
     */
    public static PolicyTable of(List<DomainPolicy> policies, OtherDomains otherDomains) {
        List<PolicyConflict> conflicts = new ArrayList<>();
        Map<String, Entry> entries = entries(policies, conflicts);
        if (!conflicts.isEmpty()) {
            throw new InvalidValueException(conflicts.get(0).message());
        }
        return new PolicyTable(entries, List.copyOf(policies), otherDomains);
    }

    /** Every contradiction among policies, in their order: what keeps them from forming a table. */
    public static List<PolicyConflict> conflicts(List<DomainPolicy> policies) {
        List<PolicyConflict> conflicts = new ArrayList<>();
        entries(policies, conflicts);
        return conflicts;
    }

    private static Map<String, Entry> entries(List<DomainPolicy> policies, List<PolicyConflict> conflicts) {
        Map<String, Entry> entries = new HashMap<>((int) (policies.size() / LOAD_FACTOR) + 1);
        List<Integer> withExclusions = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            DomainPolicy policy = policies.get(i);
            if (entries.putIfAbsent(policy.domain().text(), new Listed(policy)) != null) {
                conflicts.add(new PolicyConflict(
                        i, Optional.empty(), policy.domain() + " is listed twice; write one entry for it"));
            }
            if (!policy.excludedSubDomains().isEmpty()) {
                withExclusions.add(i);
            }
        }
        for (int i : withExclusions) {
            DomainPolicy policy = policies.get(i);
            for (DomainName excluded : policy.excludedSubDomains()) {
                Optional<String> fault = exclusionFault(policy.domain(), excluded, entries);
                if (fault.isPresent()) {
                    conflicts.add(new PolicyConflict(i, Optional.of(excluded), fault.get()));
                } else {
                    entries.put(excluded.text(), new ExcludedName(excluded, policy));
                }
            }
        }
        return entries;
    }

    private static Optional<String> exclusionFault(DomainName domain, DomainName excluded, Map<String, Entry> entries) {
        if (!excluded.isBelow(domain)) {
            return Optional.of(
                    excluded + " is excluded from " + domain + " but is not below it; write a sub-domain of " + domain);
        }
        if (isListed(excluded.text(), entries)) {
            return Optional.of(
                    excluded + " is both excluded and listed as a domain; write it once, as the one or the other");
        }
        String nearest = nearestListedAncestor(excluded.text(), entries);
        if (!nearest.equals(domain.text())) {
            return Optional.of(excluded + " is excluded from " + domain + " but its policy comes from " + nearest
                    + "; write the exclusion in the entry of " + nearest);
        }
        return Optional.empty();
    }

    private static String nearestListedAncestor(String name, Map<String, Entry> entries) {
        String ancestor = parent(name);
        while (!isListed(ancestor, entries)) {
            ancestor = parent(ancestor);
        }
        return ancestor;
    }

    private static String parent(String name) {
        return name.substring(name.indexOf('.') + 1);
    }

    private static boolean isListed(String name, Map<String, Entry> entries) {
        Entry entry = entries.get(name);
        return entry != null && entry.ownPolicy().isPresent();
    }

    /**
     * What applies to a domain: the nearest name that the table has, from the domain upwards, decides. The cost grows
     * with the labels of the domain, not with the table.
     */
    public PolicyDecision find(DomainName domain) {
        String name = domain.text();
        while (true) {
            Entry entry = entries.get(name);
            if (entry != null) {
                return entry.decide(domain, otherDomains);
            }
            if (name.indexOf('.') < 0) {
                return new PolicyDecision.Unlisted(otherDomains);
            }
            name = parent(name);
        }
    }

    /** The policies, in the order of the file. */
    public Collection<DomainPolicy> policies() {
        return policies;
    }

    /** A domain's own policy. */
    public Optional<DomainPolicy> ownPolicy(DomainName domain) {
        return Optional.ofNullable(entries.get(domain.text())).flatMap(Entry::ownPolicy);
    }

    public OtherDomains otherDomains() {
        return otherDomains;
    }

    private interface Entry {
        PolicyDecision decide(DomainName domain, OtherDomains otherDomains);

        Optional<DomainPolicy> ownPolicy();
    }

    private record Listed(DomainPolicy policy) implements Entry {
        @Override
        public PolicyDecision decide(DomainName domain, OtherDomains otherDomains) {
            return new PolicyDecision.Enforced(domain, policy);
        }

        @Override
        public Optional<DomainPolicy> ownPolicy() {
            return Optional.of(policy);
        }
    }

    private record ExcludedName(DomainName name, DomainPolicy holder) implements Entry {
        @Override
        public PolicyDecision decide(DomainName domain, OtherDomains otherDomains) {
            return new PolicyDecision.Excluded(name, holder, otherDomains);
        }

        @Override
        public Optional<DomainPolicy> ownPolicy() {
            return Optional.empty();
        }
    }
}
