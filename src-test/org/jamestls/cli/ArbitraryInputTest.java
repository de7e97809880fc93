package org.jamestls.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, an answer comes out and never a stack trace. The seeds are fixed, so that a failure repeats. */
class ArbitraryInputTest {

    private static final List<String> FRAGMENTS = List.of(
            "<tlsEnforcement>",
            "</tlsEnforcement>",
            "<domain name='",
            "'/>",
            "'>",
            "</domain>",
            "<staticRoute>",
            "&amp;",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?xml version='1.0'?>",
            "<!DOCTYPE x>",
            "\"",
            "'",
            ",",
            ";",
            "\r\n",
            "\ufeff",
            "bank.example",
            "@",
            "[",
            "]",
            "192.0.2.1",
            ":25",
            "\u00fc",
            "\ud83d\ude00",
            "\u0000",
            "\\",
            ".",
            "xn--",
            "strong",
            "relaxed",
            "domain",
            "%s",
            "${x}",
            "=");

    @TempDir
    private Path directory;

    static Stream<Integer> seeds() {
        return Stream.iterate(0, seed -> seed + 1).limit(60);
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        }
        return text.toString();
    }

    private static void answered(Run run) {
        assertThat(run.exitCode()).isBetween(0, 2);
        assertThat(run.out() + run.err())
                .doesNotContain("\tat ", "internal error", "Exception")
                .isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyFileShouldBeAnswered(int seed) throws Exception {
        Random random = new Random(seed);
        Path file = directory.resolve("input");
        Files.write(file, seed % 2 == 0 ? bytes(random) : text(random).getBytes(StandardCharsets.UTF_8));

        answered(Run.of("check", file));
        answered(Run.of("check", "--json", file));
        answered(Run.of("explain", "--policy", file, "bank.example"));
        answered(Run.of("explain", "--json", "--policy", "conf/tls-enforcement.xml", "--names", file));
        answered(Run.of("import", file));
        answered(Run.of("probe", "--policy", file, "--to", "127.0.0.1:1", "bank.example"));
        answered(Run.of("probe", "--trusted-roots", file, "--to", "127.0.0.1:1", "bank.example"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyNameShouldBeAnswered(int seed) {
        Random random = new Random(seed);

        for (int i = 0; i < 20; i++) {
            answered(Run.of("explain", "--policy", "conf/tls-enforcement.xml", "--", text(random)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 10_000, 1_000_000})
    void longNameShouldBeAnswered(int length) {
        for (String letter : List.of("a", "a.", "\"", "\\a", "@", "\u00fc", "[", "1.")) {
            String name = letter.repeat(length);
            answered(Run.of("explain", "--policy", "conf/tls-enforcement.xml", "--", name));
            answered(Run.of("explain", "--policy", "conf/tls-enforcement.xml", "--", "\"" + name + "\"@bank.example"));
        }
    }

    @Test
    void anyArgumentShouldBeAnswered() {
        Random random = new Random(1);

        for (int i = 0; i < 300; i++) {
            answered(Run.of(text(random), "--" + text(random)));
        }
    }
}
