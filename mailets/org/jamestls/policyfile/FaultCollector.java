package org.jamestls.policyfile;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with one file. A file with more faults than the capacity is told the first ones. */
final class FaultCollector {

    static final int CAPACITY = 10_000;

    private final List<Fault> faults = new ArrayList<>();

    void add(Place place, String message) {
        add(new Fault(place, message));
    }

    void add(Fault fault) {
        if (faults.size() < CAPACITY) {
            faults.add(fault);
        }
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    List<Fault> faults() {
        return List.copyOf(faults);
    }
}
