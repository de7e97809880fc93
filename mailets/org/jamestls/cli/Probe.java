package org.jamestls.cli;

import java.util.List;
import java.util.Optional;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.RecipientDomain;

/**
 * What became of one name.
 *
 * @param subject the name
 * @param decision what the policy says; empty when none can be looked up
 * @param addresses what each address of each mail host showed, in the order of delivery
 * @param unroutable why there is no mail host to try
 */
record Probe(
        Subject subject, Optional<PolicyDecision> decision, List<AddressProbe> addresses, Optional<String> unroutable) {

    static Probe unroutable(Subject subject, Optional<PolicyDecision> decision, String reason) {
        return new Probe(subject, decision, List.of(), Optional.of(reason));
    }

    RecipientDomain domain() {
        return subject.domain();
    }

    /** Whether mail would be delivered: delivery goes from host to host until one can be used. */
    boolean delivered() {
        return addresses.stream().anyMatch(AddressProbe::usable);
    }

    /** Whether mail would be delivered if the policy were enforced, which a policy in report mode is not. */
    boolean satisfied() {
        return satisfiedAddresses() > 0;
    }

    /** Whether mail would be delivered, and would not if the policy were enforced. */
    boolean reported() {
        return delivered() && !satisfied();
    }

    /** Whether every address of every mail host satisfies. */
    boolean allSatisfied() {
        return satisfied() && satisfiedAddresses() == addresses.size();
    }

    long satisfiedAddresses() {
        return addresses.stream().filter(AddressProbe::satisfied).count();
    }

    /** The fewest days that a certificate presented is still valid. */
    Optional<Long> daysLeft() {
        return addresses.stream()
                .flatMap(address -> address.daysLeft().stream())
                .min(Long::compare);
    }

    /** Why not every address satisfies, in a word. */
    Optional<String> reason() {
        return unroutable.or(() ->
                addresses.stream().flatMap(address -> address.reason().stream()).findFirst());
    }

    Json json() {
        return new Json()
                .put("name", subject.written())
                .put("domain", decision.map(of -> domain().text()))
                .put("satisfied", satisfied())
                .put("delivered", delivered())
                .put("enforced", decision.map(PolicyDecision::refusesViolations))
                .put("decidedBy", decision.map(of -> of.basis().label()))
                .put("entry", decision.flatMap(PolicyDecision::entry))
                .put(
                        "mode",
                        decision.flatMap(PolicyDecision::policy)
                                .map(of -> of.mode().value()))
                .put("reason", unroutable)
                .put("hosts", addresses.stream().map(AddressProbe::json).toList())
                .put("untrustedAuthorities", roots().map(found -> List.copyOf(found.authorities())))
                .put("proposal", proposal().map(PolicyProposal::xml))
                .put("mailHosts", mailHosts().map(MailHostsProposal::xml));
    }

    /** What to write in the policy to hold mail to the mail hosts that satisfied; empty where that is no question. */
    Optional<MailHostsProposal> mailHosts() {
        return decision.flatMap(of -> MailHostsProposal.of(of, addresses));
    }

    /** Which authorities to trust, where chains failed for want of a root. */
    Optional<RootsProposal> roots() {
        return decision.flatMap(PolicyDecision::policy).flatMap(policy -> RootsProposal.of(addresses));
    }

    /** What to write in the policy to trust what was presented; empty when nothing would help or nothing is amiss. */
    Optional<PolicyProposal> proposal() {
        return decision.flatMap(PolicyDecision::policy).flatMap(policy -> PolicyProposal.of(policy, addresses));
    }
}
