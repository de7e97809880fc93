package org.jamestls.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a sender is given at once.
 *
 * @param mails how many mails, which take turns among the destinations
 * @param bytes the size of each message
 * @param recipients how many recipients each mail has, all at its destination
 */
record Load(int mails, int bytes, int recipients, List<Destination> destinations) {

    static Load of(int mails, int bytes, List<Destination> destinations) {
        return new Load(mails, bytes, 1, destinations);
    }

    Destination destination(int mail) {
        return destinations.get(mail % destinations.size());
    }

    /** As one line, for {@link #parse}. */
    String line() {
        return mails + " " + bytes + " " + recipients + " "
                + destinations.stream()
                        .map(destination -> String.valueOf(destination.number()))
                        .collect(Collectors.joining(","));
    }

    static Load parse(String line) {
        String[] words = line.split(" ");
        return new Load(
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                Arrays.stream(words[3].split(","))
                        .map(number -> new Destination(Integer.parseInt(number)))
                        .toList());
    }
}
