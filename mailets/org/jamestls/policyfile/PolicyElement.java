package org.jamestls.policyfile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PolicyConflict;
import org.jamestls.policy.PolicyTable;

/** The root element {@code <tlsEnforcement>}: all policies of a file. */
final class PolicyElement {

    /** What an editor needs to find the schema. */
    private static final Set<String> ATTRIBUTES = Set.of("xmlns:xsi", "xsi:noNamespaceSchemaLocation");

    private static final ChildElements<PolicyElement> DOCUMENT =
            new ChildElements<PolicyElement>().once("tlsEnforcement", ATTRIBUTES, PolicyElement::readRoot);
    private static final ChildElements<PolicyElement> CHILDREN = new ChildElements<PolicyElement>()
            .many(DomainElement.NAME, DomainElement.ATTRIBUTES, PolicyElement::readDomain)
            .once("otherDomains", PolicyElement::readOtherDomains);

    private final List<DomainPolicy> policies = new ArrayList<>();
    private final List<EntryPlaces<Place>> places = new ArrayList<>();
    private final OtherDomainsElement otherDomains = new OtherDomainsElement();

    void readDocument(ElementCursor cursor) throws XMLStreamException {
        DOCUMENT.read(cursor, this);
    }

    private void readRoot(ElementCursor element) throws XMLStreamException {
        CHILDREN.read(element, this);
    }

    private void readDomain(ElementCursor element) throws XMLStreamException {
        DomainElement domain = DomainElement.read(element);
        domain.toPolicy().ifPresent(policy -> {
            policies.add(policy);
            places.add(domain.places());
        });
    }

    private void readOtherDomains(ElementCursor element) throws XMLStreamException {
        otherDomains.read(element);
    }

    /**
     * The table.
     *
     * @throws InvalidValueException when policies contradict each other; {@link #tellConflicts} tells which
     */
    PolicyTable toTable() {
        return PolicyTable.of(policies, otherDomains.toOtherDomains());
    }

    /** Where each entry stands that has a right name, in the order of the file. */
    List<EntryPlaces<Place>> places() {
        return places;
    }

    /** Where {@code <tls>} of {@code <otherDomains>} stands; empty when it is not written. */
    Optional<Place> placeOfOtherDomains() {
        return otherDomains.place();
    }

    void tellConflicts(FaultCollector faults) {
        List<PolicyConflict> conflicts = PolicyTable.conflicts(policies);
        if (conflicts.isEmpty()) {
            return;
        }
        Map<DomainName, Place> first = new HashMap<>();
        for (int i = 0; i < places.size(); i++) {
            first.putIfAbsent(policies.get(i).domain(), places.get(i).domain());
        }
        for (PolicyConflict conflict : conflicts) {
            int index = conflict.policyIndex();
            Optional<DomainName> excluded = conflict.excludedSubDomain();
            Optional<Fault.Other> other = Optional.ofNullable(
                            first.get(excluded.orElse(policies.get(index).domain())))
                    .map(place -> new Fault.Other(excluded.isPresent() ? "listed" : "first listed", place));
            faults.add(new Fault(places.get(index).of(excluded), conflict.message(), other));
        }
    }
}
