package org.jamestls.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.james.Stage.presenting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jamestls.james.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What README shows of the command line is what it prints. */
class ReadmeExamplesTest {

    private static final String PROMPT = "$ ";
    private static final String JAR = "java -jar target/james-tls-enforcement-cli.jar ";

    @TempDir
    private Path directory;

    /**
     * A command and what it prints.
     *
     * @param line the command
     * @param output the lines that follow it
     */
    record Example(String line, List<String> output) {

        boolean of(String command) {
            return line.startsWith(JAR + command + " ");
        }

        List<String> arguments() {
            return List.of(line.substring(JAR.length()).split(" "));
        }

        @Override
        public String toString() {
            return line;
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            if (line.startsWith(PROMPT)) {
                examples.add(new Example(line.substring(PROMPT.length()), new ArrayList<>()));
                inside = true;
            } else if (line.equals("```")) {
                inside = false;
            } else if (inside) {
                examples.get(examples.size() - 1).output().add(line);
            }
        }
        return examples;
    }

    static Stream<Example> examplesWithoutNetwork() throws IOException {
        return examples().stream()
                .filter(example -> Stream.of("check", "explain", "import").anyMatch(example::of));
    }

    static Stream<Example> examplesOfProbe() throws IOException {
        return examples().stream().filter(example -> example.of("probe"));
    }

    @Test
    void readmeShouldShowEveryCommand() throws IOException {
        assertThat(examples())
                .anyMatch(example -> example.of("check"))
                .anyMatch(example -> example.of("explain"))
                .anyMatch(example -> example.of("probe"))
                .anyMatch(example -> example.of("import"));
    }

    private static Example example(Predicate<Example> wanted, String what) {
        try {
            return examples().stream()
                    .filter(wanted)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("README shows no " + what));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("examplesWithoutNetwork")
    void exampleShouldPrintWhatReadmeShows(Example example) throws Exception {
        Example csvFile = example(shown -> shown.line().equals("cat domains.csv"), "domains.csv");
        Path csv = Files.write(directory.resolve("domains.csv"), csvFile.output());

        Run run = Run.of(example.arguments().stream()
                .map(argument -> argument.equals("domains.csv") ? csv : argument)
                .toArray());

        assertThat(run.lines()).isEqualTo(example.output());
    }

    @ParameterizedTest
    @MethodSource("examplesOfProbe")
    void probeShouldPrintWhatReadmeShows(Example example) throws Exception {
        try (Stage stage = new Stage(directory);
                NameServer dns = new NameServer(stage.dns)) {
            stage.host("mx1.bank.example", stage.trustedFor("mx1.bank.example"));
            stage.host("mx2.bank.example", presenting(stage.trusted.issueFor("mx.hosting.example")));
            stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
            stage.host("mx1.mail.insurance.example", presenting(stage.trusted.issueFor("mx.hosting.example")));
            stage.dns.mx("insurance.example", "mx1.mail.insurance.example");
            List<Object> arguments = new ArrayList<>(example.arguments());
            arguments.addAll(List.of(
                    "--dns",
                    dns.address(),
                    "--smtp-port",
                    stage.port(),
                    "--trusted-roots",
                    directory.resolve("conf/roots.pem")));

            Run run = Run.of(arguments.toArray());

            assertThat(run.out().lines().map(ReadmeExamplesTest::lasting).toList())
                    .as(run.out())
                    .isEqualTo(example.output().stream()
                            .map(ReadmeExamplesTest::lasting)
                            .toList());
        }
    }

    /** A line without what differs from run to run: addresses, dates and fingerprints. */
    private static String lasting(String line) {
        return line.replaceAll("\\[[0-9.]+\\]:[0-9]+", "[address]:port")
                .replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z", "time")
                .replaceAll("[0-9a-f]{64}", "fingerprint")
                .replaceAll("[0-9]+ days left", "days left");
    }
}
