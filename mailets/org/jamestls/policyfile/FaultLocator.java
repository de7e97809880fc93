package org.jamestls.policyfile;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns faults into errors with line and column. */
final class FaultLocator {

    private final String file;
    private final byte[] xml;

    FaultLocator(String file, byte[] xml) {
        this.file = file;
        this.xml = xml;
    }

    /** The errors in the order of the file; those at one place in the order found. */
    List<PolicyFileError> locate(Collection<Fault> faults) {
        Set<Place> places = new HashSet<>();
        for (Fault fault : faults) {
            places.add(fault.place());
            fault.other().map(Fault.Other::place).ifPresent(places::add);
        }
        Map<Place, Position> positions = new PlaceFinder(xml).positions(places);
        return faults.stream()
                .sorted(Comparator.comparingInt(
                        fault -> positions.get(fault.place()).offset()))
                .map(fault -> error(fault, positions))
                .toList();
    }

    private PolicyFileError error(Fault fault, Map<Place, Position> positions) {
        Position position = positions.get(fault.place());
        String other = fault.other()
                .map(thing -> " (" + thing.words() + " at " + positions.get(thing.place()) + ")")
                .orElse("");
        return new PolicyFileError(file, position.line(), position.column(), fault.message() + other);
    }
}
