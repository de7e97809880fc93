package org.jamestls.demo;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;

/** A James server in a JVM of its own, with the jar in its {@code extensions-jars/} alone. */
final class JamesProcess implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Pattern OURS = Pattern.compile("tls-enforcement|jdk18on|classes$");
    private static final String MAIN_CLASS = "org.jamestls.demo.james.JamesServer";

    private final Process process;
    private final Path log;

    private JamesProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    static JamesProcess start(WorkingDirectory directory) throws IOException {
        List<String> libraries = Files.readAllLines(directory.classPathOfJames());
        refuseOurs(libraries);
        Path launcher = compileLauncher(directory, libraries);
        Path log = directory.path("james.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dworking.directory=" + directory.root(),
                "-Dlogback.configurationFile=" + directory.path("conf", "logback.xml"),
                // the roots of the JDK, which strong validation uses unless trustedRoots says otherwise
                "-Djavax.net.ssl.trustStore=" + directory.trustStore(),
                "-Djavax.net.ssl.trustStorePassword=" + WorkingDirectory.TRUST_STORE_PASSWORD,
                "-classpath",
                launcher + File.pathSeparator + String.join(File.pathSeparator, libraries),
                MAIN_CLASS,
                directory.dnsRecords().toString()));
        Process process = new ProcessBuilder(command)
                .directory(directory.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new JamesProcess(process, log);
    }

    /** The jar and what is packed into it must come from extensions-jars/, or the demonstration shows nothing. */
    private static void refuseOurs(List<String> libraries) {
        libraries.stream()
                .filter(library -> OURS.matcher(library).find())
                .findFirst()
                .ifPresent(library -> {
                    throw new IllegalStateException(library + " is on James's own class path");
                });
    }

    /** The main class is compiled against the very libraries that it runs with; the project does not depend on them. */
    private static Path compileLauncher(WorkingDirectory directory, List<String> libraries) throws IOException {
        Path classes = Files.createDirectories(directory.path("launcher"));
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "--release",
                "17",
                "-Xlint:all,-path,-classfile",
                "-Werror",
                "-encoding",
                "UTF-8",
                "-d",
                classes.toString(),
                "-classpath",
                String.join(File.pathSeparator, libraries)));
        try (Stream<Path> sources = Files.list(directory.launcherSources())) {
            sources.map(Path::toString).forEach(arguments::add);
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        if (result != 0) {
            throw new IOException(
                    "The launcher of the James server does not compile; see the compiler's messages above");
        }
        return classes;
    }

    /** Waits until James listens on a port, which it does last of all. */
    void awaitListening(int port) {
        Awaitility.await("James listens on port " + port)
                .atMost(LONGEST_START)
                .pollInterval(Duration.ofMillis(100))
                .failFast("James ended; see " + log, () -> !process.isAlive())
                .until(() -> accepts(port));
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
