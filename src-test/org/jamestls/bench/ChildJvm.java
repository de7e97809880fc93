package org.jamestls.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Java process of ours that obeys commands, one line each, and answers with figures. It ends when its standard input
 * does, so it does not outlive this process.
 */
final class ChildJvm implements AutoCloseable {

    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final String END = "! the process has ended";

    private final String name;
    private final Path errors;
    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private ChildJvm(String name, Path errors, Process process) {
        this.name = name;
        this.errors = errors;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts a main class that {@link Commands#serve serves commands}.
     *
     * @param name for messages, and for the file in the directory that its standard error goes to
     * @param jvmOptions with the class path
     */
    static ChildJvm start(String name, Path directory, List<String> jvmOptions, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add(main.getName());
        command.addAll(arguments);
        Path errors = directory.resolve(name + ".err");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        ChildJvm child = new ChildJvm(name, errors, process);
        Thread reader = new Thread(child::readAnswers, name + "-answers");
        reader.setDaemon(true);
        reader.start();
        return child;
    }

    private void readAnswers() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            // it was killed
        } finally {
            answers.add(END);
        }
    }

    /**
     * Has a command obeyed.
     *
     * @throws IOException when the process fails, ends, or does not answer in time
     */
    Figures ask(String command, Duration patience) throws IOException, InterruptedException {
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null) {
            throw new IOException(name + " did not answer '" + command + "' within " + patience + "; see " + errors);
        }
        if (!answer.startsWith(Commands.ANSWER)) {
            throw new IOException(name + " answered '" + command + "' with '" + answer + "'; see " + errors);
        }
        return Figures.parse(answer.substring(Commands.ANSWER.length()));
    }

    /** Ends the process without waiting for what it is at. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            commands.close();
        }
        process.onExit()
                .completeOnTimeout(process, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        kill();
    }
}
