package org.jamestls.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jamestls.james.Stage;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished jar of the command line, alone in a directory of its own. */
class CommandLineJarIT {

    private static final Path JAR =
            Path.of(System.getProperty("commandLineJar")).toAbsolutePath();
    private static final Path SAMPLE = Path.of("conf/tls-enforcement.xml").toAbsolutePath();

    @TempDir
    private Path directory;

    /** A finished process. */
    private record Finished(int exitCode, String out, String err) {}

    private Finished run(Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Finished(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return jar.stream().map(JarEntry::getName).toList();
        }
    }

    @Test
    void jarShouldHoldNothingOfJamesNorWhatJamesCalls() throws Exception {
        assertThat(entries())
                .contains("org/jamestls/cli/TlsEnforcementCommand.class", "org/jamestls/smtp/SmtpClient.class")
                .noneMatch(name -> name.matches("(org/apache/(james|mailet)|javax/mail|org/xbill)/.*"))
                .noneMatch(name -> name.matches("org/jamestls/(delivery/.*|[A-Z][A-Za-z]*\\.class)"))
                .doesNotContain("META-INF/services/java.net.spi.InetAddressResolverProvider");
    }

    @Test
    void licencesShouldBeKept() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            String notice = new String(
                    jar.getInputStream(jar.getEntry("META-INF/NOTICE")).readAllBytes());
            assertThat(notice).contains("Bouncy Castle", "picocli", "Guava", "dnsjava authors", "SLF4J");
        }
    }

    @Test
    void explainShouldRunByItself() throws Exception {
        Finished finished = run("explain", "--policy", SAMPLE, "bank.example");

        assertThat(finished.err()).isEmpty();
        assertThat(finished.out()).startsWith("bank.example: enforced, by its own entry");
        assertThat(finished.exitCode()).isZero();
    }

    @Test
    void probeWithoutAPolicyFileShouldJudgeStrongly() throws Exception {
        try (Stage stage = new Stage(directory.resolve("stage"))) {
            ReceivingServer server = stage.hidden("mx", Stage.presenting(Stage.worthless()));

            Finished finished = run("probe", "--to", "127.0.0.1:" + server.port(), "bank.example");

            assertThat(finished.err()).isEmpty();
            assertThat(finished.out())
                    .contains("bank.example: NOT DELIVERED", "policy: own, strong validation", "certificate-expired")
                    .doesNotContain("\u001b", "\r");
            assertThat(finished.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void silenceOfTheDnsShouldBeToldInOneLineWithoutALogOfTheLibrary() throws Exception {
        Finished finished = run("probe", "--dns", "127.0.0.1:1", "--policy", SAMPLE, "bank.example");

        assertThat(finished.err()).isEmpty();
        assertThat(finished.out()).contains("NOT DELIVERED: the DNS gave no answer for the MX records of bank.example");
        assertThat(finished.exitCode()).isEqualTo(1);
    }

    @Test
    void wrongUsageShouldBeToldWithoutAStackTrace() throws Exception {
        for (List<String> arguments :
                List.of(List.<String>of(), List.of("nonsense"), List.of("check"), List.of("explain", "bank.example"))) {
            Finished finished = run(arguments.toArray());

            assertThat(finished.exitCode()).as(arguments.toString()).isEqualTo(2);
            assertThat(finished.err()).isNotBlank().doesNotContain("\tat ", "Exception", "SLF4J");
        }
    }
}
