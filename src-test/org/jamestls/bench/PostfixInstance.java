package org.jamestls.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Postfix of our own beside whatever the machine runs: configuration, queue and sockets in a directory that vanishes
 * with it. Apart from where the mail goes and what TLS it takes, all settings are Postfix's defaults. It holds each mail
 * that it takes until it is told to deliver, so that taking does not count.
 */
final class PostfixInstance implements AutoCloseable {

    private static final Path SYSTEM_PROGRAMS = Path.of("/usr/sbin");
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM = 100L << 20;
    private static final int INJECTING_SESSIONS = 10;

    private static final String SERVICES = """
            127.0.0.1:%d inet n - n - - smtpd
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            smtp unix - - n - - smtp
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            tlsproxy unix - - n - 0 tlsproxy
            postlog unix-dgram n - n - 1 postlogd
            """;

    private final Path directory;
    private final int port;
    private final Thread atExit = new Thread(this::stop);

    private PostfixInstance(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /**
     * Starts an instance that sends all mail to one destination.
     *
     * @throws MissingPostfixException where Postfix is not installed, or does not start
     */
    static PostfixInstance start(String name, Destination destination, int sinkPort, Path roots, List<String> settings)
            throws IOException, InterruptedException, MissingPostfixException {
        for (String program : List.of("postfix", "postqueue", "postsuper", "smtp-source")) {
            if (program(program).isEmpty()) {
                throw new MissingPostfixException("there is no " + program + " on this machine");
            }
        }
        Path directory = Files.createTempDirectory(
                home(),
                "bench-" + name + "-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        PostfixInstance instance = new PostfixInstance(directory, freePort());
        Runtime.getRuntime().addShutdownHook(instance.atExit);
        instance.configure(destination, sinkPort, roots, settings);
        if (instance.run("postfix", "-c", directory.toString(), "start") != 0) {
            String log = instance.log();
            instance.close();
            throw new MissingPostfixException("Postfix does not start (it has to be root): " + log);
        }
        return instance;
    }

    /** In memory where there is room, so that no disk holds Postfix back. */
    private static Path home() throws IOException {
        return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ROOM
                ? MEMORY
                : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static Optional<Path> program(String name) {
        return Stream.concat(
                        Stream.of(SYSTEM_PROGRAMS),
                        Stream.of(System.getenv("PATH").split(":")).map(Path::of))
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return probe.getLocalPort();
        }
    }

    private void configure(Destination destination, int sinkPort, Path roots, List<String> settings)
            throws IOException, InterruptedException {
        Path ownRoots = Files.copy(roots, directory.resolve("roots.pem"));
        Path queue = Files.createDirectory(directory.resolve("queue"));
        Path data = Files.createDirectory(directory.resolve("data"));
        run("chown", "postfix", data.toString());
        Files.writeString(directory.resolve("master.cf"), SERVICES.formatted(port));
        List<String> lines = new ArrayList<>(List.of(
                "compatibility_level = 3.6",
                "queue_directory = " + queue,
                "data_directory = " + data,
                "maillog_file = " + directory.resolve("log"),
                "maillog_file_prefixes = " + directory,
                "myhostname = sender.example",
                "mydestination =",
                "alias_maps =",
                "alias_database =",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_client_restrictions = static:HOLD",
                "relayhost = [" + destination.ipAddress() + "]:" + sinkPort,
                "smtp_tls_security_level = secure",
                "smtp_tls_secure_cert_match = " + destination.mailHost(),
                "smtp_tls_CAfile = " + ownRoots));
        lines.addAll(settings);
        Files.write(directory.resolve("main.cf"), lines);
    }

    /** Has it take mails, and hold them ready. */
    void take(Load load) throws IOException, InterruptedException {
        require(
                "smtp-source",
                "-s",
                String.valueOf(INJECTING_SESSIONS),
                "-m",
                String.valueOf(load.mails()),
                "-l",
                String.valueOf(load.bytes()),
                "-f",
                "someone@sender.example",
                "-t",
                "user0@" + load.destination(0).domain(),
                "127.0.0.1:" + port);
        require("postsuper", "-c", directory.toString(), "-H", "ALL");
    }

    /** Has it deliver all that it holds ready. */
    void deliver() throws IOException, InterruptedException {
        require("postqueue", "-c", directory.toString(), "-f");
    }

    /** The end of its log. */
    String log() {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("log"));
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException e) {
            return "no log";
        }
    }

    private void require(String... command) throws IOException, InterruptedException {
        int status = run(command);
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status + "; " + log());
        }
    }

    private int run(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        program(command[0]).ifPresent(path -> words.set(0, path.toString()));
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("commands.log").toFile()))
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " does not end");
        }
        return process.exitValue();
    }

    private void stop() {
        try {
            run("postfix", "-c", directory.toString(), "stop");
            List<Path> files;
            try (Stream<Path> tree = Files.walk(directory)) {
                files = tree.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            Results.note("could not tidy up " + directory + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        stop();
    }
}
