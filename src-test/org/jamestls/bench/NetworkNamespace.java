package org.jamestls.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network of its own for one run, where the loopback interface carries packets of the size of an Ethernet's, as real
 * networks do, instead of 64 KiB.
 */
final class NetworkNamespace {

    static final String NAME = "mtu1500";

    private static final String SET_UP = "ip link set lo mtu 1500 up && exec \"$@\"";

    /** As root, or as whom the kernel lets have a user namespace. */
    private static final List<List<String>> WAYS_IN = List.of(List.of("unshare", "-n"), List.of("unshare", "-r", "-n"));

    private final List<String> wayIn;

    private NetworkNamespace(List<String> wayIn) {
        this.wayIn = wayIn;
    }

    /** Empty where it is not allowed, or the programs for it are missing. */
    static Optional<NetworkNamespace> find() throws InterruptedException {
        for (List<String> wayIn : WAYS_IN) {
            NetworkNamespace namespace = new NetworkNamespace(wayIn);
            if (namespace.isAllowed()) {
                return Optional.of(namespace);
            }
        }
        return Optional.empty();
    }

    private boolean isAllowed() throws InterruptedException {
        try {
            return new ProcessBuilder(command(List.of("true")))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> command(List<String> inside) {
        List<String> command = new ArrayList<>(wayIn);
        command.addAll(List.of("sh", "-c", SET_UP, "sh"));
        command.addAll(inside);
        return command;
    }

    /** Holds one contest inside, and takes over what it prints. */
    void hold(String contest, Options options, Results results) throws IOException, InterruptedException {
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dbench.only=" + contest,
                "-Dbench.network=" + NAME,
                "-Dbench.directory=" + options.directory(),
                "-Dbench.classes=" + options.classes(),
                "-Dbench.jar=" + options.jar()));
        options.rounds().ifPresent(rounds -> java.add("-Dbench.rounds=" + rounds));
        java.add(Benchmarks.class.getName());
        Process process = new ProcessBuilder(command(java))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                results.line(line);
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("the run in the network namespace ended with " + process.exitValue());
        }
    }
}
