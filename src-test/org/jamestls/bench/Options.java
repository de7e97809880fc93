package org.jamestls.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the command line asks for, as system properties.
 *
 * @param only {@code bench.only}: the contests to hold, with commas; empty for all
 * @param rounds {@code bench.rounds}: how many rounds count, instead of what each contest deems enough
 * @param network {@code bench.network}: the name of the network namespace that this process runs in
 * @param directory {@code bench.directory}: where logs and {@code results.json} go
 * @param classes {@code bench.classes}: the classes in the class path that the jar stands for
 * @param jar {@code bench.jar}: the drop-in jar
 * @param before {@code bench.before}: an earlier drop-in jar, to compare this one with
 */
record Options(
        Set<String> only,
        OptionalInt rounds,
        Optional<String> network,
        Path directory,
        Path classes,
        Path jar,
        Optional<Path> before) {

    static Options ofSystemProperties() {
        return new Options(
                text("bench.only").stream()
                        .flatMap(list -> Arrays.stream(list.split(",")))
                        .collect(Collectors.toSet()),
                text("bench.rounds").stream().mapToInt(Integer::parseInt).findFirst(),
                text("bench.network"),
                Path.of(text("bench.directory").orElse("target/bench")).toAbsolutePath(),
                Path.of(text("bench.classes").orElse("target/classes")).toAbsolutePath(),
                Path.of(text("bench.jar").orElse("target/james-tls-enforcement.jar"))
                        .toAbsolutePath(),
                text("bench.before").map(before -> Path.of(before).toAbsolutePath()));
    }

    private static Optional<String> text(String property) {
        return Optional.ofNullable(System.getProperty(property)).filter(text -> !text.isBlank());
    }

    boolean asksFor(String contest) {
        return only.isEmpty() || only.contains(contest);
    }

    int rounds(int enough) {
        return rounds.orElse(enough);
    }
}
