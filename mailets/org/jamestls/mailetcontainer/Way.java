package org.jamestls.mailetcontainer;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a mail gets somewhere.
 *
 * @param steps the processors that it passes, each with what leads into it
 */
public record Way(List<String> steps) {

    public Way {
        steps = List.copyOf(steps);
    }

    static Way from(String step) {
        return new Way(List.of(step));
    }

    Way then(String step) {
        return new Way(Stream.concat(steps.stream(), Stream.of(step)).toList());
    }

    @Override
    public String toString() {
        return String.join(" > ", steps);
    }
}
