package org.jamestls.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All policies, and which of them applies to a domain. */
public final class PolicyTable {

    private final Map<String, Entry> entries;
    private final Map<DomainName, DomainPolicy> policies;
    private final OtherDomains otherDomains;

    private PolicyTable(Map<String, Entry> entries, Map<DomainName, DomainPolicy> policies, OtherDomains otherDomains) {
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
        List<PolicyConflict> conflicts = conflicts(policies);
        if (!conflicts.isEmpty()) {
            throw new InvalidValueException(conflicts.get(0).message());
        }
        Map<String, Entry> entries = new HashMap<>();
        Map<DomainName, DomainPolicy> byDomain = new LinkedHashMap<>();
        for (DomainPolicy policy : policies) {
            byDomain.put(policy.domain(), policy);
            entries.put(policy.domain().text(), new Listed(policy));
            policy.excludedSubDomains().forEach(name -> entries.put(name.text(), new ExcludedName(name, policy)));
        }
        return new PolicyTable(entries, byDomain, otherDomains);
    }

    /** Every contradiction among policies, in their order: what keeps them from forming a table. */
    public static List<PolicyConflict> conflicts(List<DomainPolicy> policies) {
        Map<DomainName, DomainPolicy> listed = new HashMap<>();
        List<PolicyConflict> conflicts = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            DomainPolicy policy = policies.get(i);
            if (listed.putIfAbsent(policy.domain(), policy) != null) {
                conflicts.add(new PolicyConflict(
                        i, Optional.empty(), policy.domain() + " is listed twice; write one entry for it"));
            }
        }
        for (int i = 0; i < policies.size(); i++) {
            DomainPolicy policy = policies.get(i);
            for (DomainName excluded : policy.excludedSubDomains()) {
                int index = i;
                exclusionFault(policy.domain(), excluded, listed)
                        .ifPresent(fault -> conflicts.add(new PolicyConflict(index, Optional.of(excluded), fault)));
            }
        }
        return conflicts;
    }

    private static Optional<String> exclusionFault(
            DomainName domain, DomainName excluded, Map<DomainName, DomainPolicy> listed) {
        if (!excluded.isBelow(domain)) {
            return Optional.of(
                    excluded + " is excluded from " + domain + " but is not below it; write a sub-domain of " + domain);
        }
        if (listed.containsKey(excluded)) {
            return Optional.of(
                    excluded + " is both excluded and listed as a domain; write it once, as the one or the other");
        }
        DomainName nearest = nearestListedAncestor(excluded, listed);
        if (!nearest.equals(domain)) {
            return Optional.of(excluded + " is excluded from " + domain + " but its policy comes from " + nearest
                    + "; write the exclusion in the entry of " + nearest);
        }
        return Optional.empty();
    }

    private static DomainName nearestListedAncestor(DomainName name, Map<DomainName, DomainPolicy> listed) {
        DomainName ancestor = name.parent().orElseThrow();
        while (!listed.containsKey(ancestor)) {
            ancestor = ancestor.parent().orElseThrow();
        }
        return ancestor;
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
            int dot = name.indexOf('.');
            if (dot < 0) {
                return new PolicyDecision.Unlisted(otherDomains);
            }
            name = name.substring(dot + 1);
        }
    }

    /** The policies, in the order of the file. */
    public Collection<DomainPolicy> policies() {
        return Collections.unmodifiableCollection(policies.values());
    }

    /** A domain's own policy. */
    public Optional<DomainPolicy> ownPolicy(DomainName domain) {
        return Optional.ofNullable(policies.get(domain));
    }

    public OtherDomains otherDomains() {
        return otherDomains;
    }

    private interface Entry {
        PolicyDecision decide(DomainName domain, OtherDomains otherDomains);
    }

    private record Listed(DomainPolicy policy) implements Entry {
        @Override
        public PolicyDecision decide(DomainName domain, OtherDomains otherDomains) {
            return new PolicyDecision.Enforced(domain, policy);
        }
    }

    private record ExcludedName(DomainName name, DomainPolicy holder) implements Entry {
        @Override
        public PolicyDecision decide(DomainName domain, OtherDomains otherDomains) {
            return new PolicyDecision.Excluded(name, holder, otherDomains);
        }
    }
}
