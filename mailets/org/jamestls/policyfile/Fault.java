package org.jamestls.policyfile;

import java.util.Optional;

/**
 * Something in a file that makes it rejected.
 *
 * @param place where it stands
 * @param message what was found and what to write instead
 * @param other the thing that it contradicts, if it is the second of two
 */
record Fault(Place place, String message, Optional<Other> other) {

    /**
     * The first of two contradicting things.
     *
     * @param words what is there, such as {@code first listed}
     * @param place where it stands
     */
    record Other(String words, Place place) {}

    Fault(Place place, String message) {
        this(place, message, Optional.empty());
    }
}
