package org.jamestls.policyfile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.PolicyTable;

/** The policies of a file with the places where they stand, for those who explain them. */
public final class LocatedPolicies {

    private final String file;
    private final byte[] xml;
    private final PolicyTable table;
    private final Map<DomainName, EntryPlaces<Place>> places = new HashMap<>();
    private final Optional<Place> otherDomains;

    LocatedPolicies(
            String file,
            byte[] xml,
            PolicyTable table,
            List<EntryPlaces<Place>> inOrder,
            Optional<Place> otherDomains) {
        this.file = file;
        this.xml = xml;
        this.table = table;
        this.otherDomains = otherDomains;
        int entry = 0;
        for (DomainPolicy policy : table.policies()) {
            places.put(policy.domain(), inOrder.get(entry++));
        }
    }

    /** The file, as the operator names it. */
    public String file() {
        return file;
    }

    public PolicyTable table() {
        return table;
    }

    /**
     * Where entries and their settings stand, in one walk over the file however many they are.
     *
     * @param entries domains; what is no entry of the file is left out
     */
    public Map<DomainName, EntryPlaces<Position>> positions(Collection<DomainName> entries) {
        List<Place> wanted = new ArrayList<>();
        Map<DomainName, EntryPlaces<Place>> found = new LinkedHashMap<>();
        for (DomainName entry : entries) {
            EntryPlaces<Place> ofEntry = places.get(entry);
            if (ofEntry != null && found.put(entry, ofEntry) == null) {
                ofEntry.forEach(wanted::add);
            }
        }
        Map<Place, Position> positions = new PlaceFinder(xml).positions(wanted);
        Map<DomainName, EntryPlaces<Position>> located = new LinkedHashMap<>();
        found.forEach((entry, ofEntry) -> located.put(entry, ofEntry.map(positions::get)));
        return located;
    }

    /** Where {@code <tls>} of {@code <otherDomains>} stands; empty when it is not written. */
    public Optional<Position> positionOfOtherDomains() {
        return otherDomains.map(
                place -> new PlaceFinder(xml).positions(List.of(place)).get(place));
    }
}
