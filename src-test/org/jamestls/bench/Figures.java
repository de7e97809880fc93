package org.jamestls.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whole numbers with names, as one process reports them to another. */
record Figures(Map<String, Long> byName) {

    static final Figures NONE = new Figures(Map.of());

    long get(String name) {
        Long value = byName.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no figure " + name + " among " + byName.keySet());
        }
        return value;
    }

    /** As one line, for {@link #parse}. */
    String line() {
        return byName.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    static Figures parse(String line) {
        Map<String, Long> byName = new TreeMap<>();
        for (String word : line.split(" ")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                byName.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
            }
        }
        return new Figures(byName);
    }
}
