package org.jamestls.peers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamestls.testing.HeldCertificate;

/**
 * A mail server that other people wrote, started in mount and process namespaces of its own with a configuration of its
 * own. It takes mail for {@code alice}, {@code bob} and {@code carol} at {@code peer.example}.
 */
final class Peer implements AutoCloseable {

    /** Which server. */
    enum Kind {
        POSTFIX("postfix", "postfix"),
        EXIM("exim", "exim4");

        private final String script;
        private final String program;

        Kind(String script, String program) {
            this.script = script;
            this.program = program;
        }

        /** Why it cannot be started here; empty when it can. */
        Optional<String> obstacle() throws InterruptedException {
            if (program().isEmpty()) {
                return Optional.of(program + " is not installed");
            }
            if (!succeeds("sh", "-c", "test $(id -u) = 0")) {
                return Optional.of("it needs root");
            }
            if (!succeeds(inNamespaces("true").toArray(String[]::new))) {
                return Optional.of("this system does not let it have namespaces of its own");
            }
            return succeeds("sh", "-c", "! ldd " + program().get() + " | grep -q 'not found'")
                    ? Optional.empty()
                    : Optional.of(program + " lacks libraries");
        }

        /** Unpacked for the test alone, or installed. */
        private Optional<Path> program() {
            return Stream.of(Path.of(System.getProperty("peers.root", "/nonexistent")), Path.of("/"))
                    .map(root -> root.resolve("usr/sbin").resolve(program))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        private static boolean succeeds(String... command) throws InterruptedException {
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                return process.waitFor() == 0;
            } catch (IOException e) {
                return false; // there is no such command
            }
        }
    }

    private static final int LAST_OF_LOG = 4000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path directory;
    private final Process process;

    private Peer(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /**
     * Starts a server and waits until it greets.
     *
     * @param directory an empty one, whose parents everybody may pass
     */
    static Peer start(Kind kind, Path directory, InetAddress address, int port, HeldCertificate certificate)
            throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve("certificate.pem"), chain(certificate));
        Files.writeString(
                directory.resolve("key.pem"),
                pem("PRIVATE KEY", certificate.key().getEncoded()));
        Process process = new ProcessBuilder(inNamespaces(
                        "sh",
                        script(directory, "private-system").toString(),
                        script(directory, kind.script).toString(),
                        directory.toString(),
                        address.getHostAddress(),
                        String.valueOf(port),
                        kind.program().orElseThrow().toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile())
                .start();
        Peer peer = new Peer(directory, process);
        try {
            await().atMost(PATIENCE).until(() -> peer.greets(address, port));
            return peer;
        } catch (RuntimeException e) {
            peer.close();
            throw new IllegalStateException(kind + " did not start: " + peer.log(), e);
        }
    }

    private static List<String> inNamespaces(String... command) {
        List<String> all = new ArrayList<>(List.of(
                "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"));
        all.addAll(List.of(command));
        return all;
    }

    private static Path script(Path directory, String name) throws IOException {
        Path copy = directory.resolve(name + ".sh");
        try (InputStream in = Peer.class.getResourceAsStream(name + ".sh")) {
            Files.copy(in, copy);
        }
        return copy;
    }

    private static String chain(HeldCertificate certificate) throws CertificateEncodingException {
        StringBuilder chain = new StringBuilder();
        for (X509Certificate link : certificate.chain()) {
            chain.append(pem("CERTIFICATE", link.getEncoded()));
        }
        return chain.toString();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    private boolean greets(InetAddress address, int port) {
        if (!process.isAlive()) {
            throw new IllegalStateException("it ended with " + process.exitValue());
        }
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(5_000);
            return socket.getInputStream().read() == '2';
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** The messages in a recipient's mailbox, an octet a character, with line ends as the server stores them: LF. */
    List<String> mailbox(String localPart) throws IOException {
        Path arrived = directory.resolve("mail").resolve(localPart).resolve("new");
        if (!Files.isDirectory(arrived)) {
            return List.of();
        }
        List<String> messages = new ArrayList<>();
        try (Stream<Path> files = Files.list(arrived)) {
            for (Path file : files.toList()) {
                messages.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return messages;
    }

    /** The last that the server says of itself. */
    String log() throws IOException {
        StringBuilder log = new StringBuilder();
        for (String name : List.of("output.log", "log/main", "log/panic")) {
            Path file = directory.resolve(name);
            log.append(Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "");
        }
        return log.substring(Math.max(0, log.length() - LAST_OF_LOG));
    }

    @Override
    public void close() {
        process.destroyForcibly(); // and with it everything in its namespaces
        process.onExit().join();
    }
}
