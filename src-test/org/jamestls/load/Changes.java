package org.jamestls.load;

import java.util.List;
import java.util.Optional;

/**
 * How a host's disruptions come and go, counted in connections or in mails: so often all is well, then so often the first
 * of them happens, then all is well again, then comes the next, and after the last the first.
 */
record Changes(int well, int disrupted, List<Disruption> disruptions) {

    static final Changes NONE = new Changes(1, 0, List.of());

    static Changes of(int well, int disrupted, Disruption... disruptions) {
        return new Changes(well, disrupted, List.of(disruptions));
    }

    /** @param number of the connection or mail, from 0 */
    Optional<Disruption> at(int number) {
        int round = number / (well + disrupted);
        return number % (well + disrupted) < well
                ? Optional.empty()
                : Optional.of(disruptions.get(round % disruptions.size()));
    }
}
