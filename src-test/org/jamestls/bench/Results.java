package org.jamestls.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was measured: printed at once, one {@code name=value} on a line, and kept for the file. */
final class Results {

    static final String SKIPPED = "skipped";
    static final String FAILED = "failed";

    private final Map<String, Optional<String>> values = new LinkedHashMap<>();

    void put(String name, double value) {
        String format = value == Math.rint(value) ? "%.0f" : Math.abs(value) < 10 ? "%.3f" : "%.1f";
        String text = String.format(Locale.ROOT, format, value);
        values.put(name, Optional.of(text));
        print(name, text);
    }

    void skipped(String name, String why) {
        withoutValue(name, SKIPPED, why);
    }

    void failed(String name, String why) {
        withoutValue(name, FAILED, why);
    }

    private void withoutValue(String name, String instead, String why) {
        values.put(name, Optional.empty());
        print(name, instead);
        note(name + " " + instead + ": " + why);
    }

    /** Takes over a line that another process of the benchmark printed, and prints it. */
    void line(String line) {
        int equals = line.indexOf('=');
        String value = line.substring(equals + 1);
        boolean measured = !value.equals(SKIPPED) && !value.equals(FAILED);
        values.put(line.substring(0, equals), measured ? Optional.of(value) : Optional.empty());
        System.out.println(line);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Says something that is no result. */
    static void note(String text) {
        System.err.println("# " + text);
    }

    private static void print(String name, String text) {
        System.out.println(name + "=" + text);
        System.out.flush();
    }

    /** As one JSON object; what was skipped, or failed, is null. */
    String json() {
        return values.entrySet().stream()
                .map(entry ->
                        "  \"" + entry.getKey() + "\": " + entry.getValue().orElse("null"))
                .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, json());
    }
}
