package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The mail hosts of a tour, those of which the same is to be said together. */
final class HostsByReason {

    /** How many mail hosts are named at one reason. */
    private static final int MOST_NAMED = 3;

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_REASON = 300;

    private final Map<String, Set<String>> hosts = new LinkedHashMap<>();

    /** @param reason what is to be said */
    void add(String reason, HostAttempt attempt) {
        hosts.computeIfAbsent(reason, any -> new LinkedHashSet<>())
                .add(FirstFew.characters(attempt.publicWhere(), LONGEST_NAME));
    }

    Set<Map.Entry<String, Set<String>>> entries() {
        return hosts.entrySet();
    }

    /** The first mail hosts with commas, and how many more there are. */
    static String names(Set<String> hosts) {
        return FirstFew.of(List.copyOf(hosts), MOST_NAMED);
    }

    /**
     * In one line: each reason behind its mail hosts, and of how many more hosts no reason is said.
     *
     * @param mostReasons how many reasons at most
     * @param room how many characters there are for them; the first one is said in any case
     */
    String inOneLine(int mostReasons, int room) {
        List<String> parts = new ArrayList<>();
        int left = room;
        int unnamed = 0;
        for (Map.Entry<String, Set<String>> entry : hosts.entrySet()) {
            String part = names(entry.getValue()) + ": " + FirstFew.characters(entry.getKey(), LONGEST_REASON);
            if (parts.isEmpty() || unnamed == 0 && parts.size() < mostReasons && part.length() <= left) {
                parts.add(part);
                left -= part.length();
            } else {
                unnamed += entry.getValue().size();
            }
        }
        if (unnamed > 0) {
            parts.add("and " + unnamed + " more");
        }
        return String.join("; ", parts);
    }
}
