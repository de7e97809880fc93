package org.jamestls.policyfile;

import java.util.Optional;

/**
 * Something in a file that makes it rejected.
 *
 * @param place where it stands
 * @param message what was found and what to write instead
 * @param first where the other of two contradicting things stands
 */
record Fault(Place place, String message, Optional<Place> first) {

    Fault(Place place, String message) {
        this(place, message, Optional.empty());
    }
}
