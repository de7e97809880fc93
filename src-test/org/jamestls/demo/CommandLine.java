package org.jamestls.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line as an operator calls it, in James's working directory. */
final class CommandLine {

    private final Path jar;
    private final Path directory;

    CommandLine(Path jar, Path directory) {
        this.jar = jar.toAbsolutePath();
        this.directory = directory;
    }

    /**
     * Runs one command to its end.
     *
     * @param title what it shows
     * @param expected what has to stand in its output
     */
    CommandRun run(String title, List<String> arguments, List<String> expected)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new CommandRun(
                title, jar.getFileName() + " " + String.join(" ", arguments), process.waitFor(), output, expected);
    }
}
