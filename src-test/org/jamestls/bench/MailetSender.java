package org.jamestls.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/** A mailet in its JVM, which stays warm from load to load. */
final class MailetSender implements Sender {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double NANOS_PER_MILLI = 1e6;

    private final String name;
    private final ChildJvm process;
    private final SinkProcess sink;

    private MailetSender(String name, ChildJvm process, SinkProcess sink) {
        this.name = name;
        this.process = process;
        this.sink = sink;
    }

    static MailetSender start(Contender contender, Workplace workplace, List<String> classPath, SinkProcess sink)
            throws IOException {
        ChildJvm process = ChildJvm.start(
                contender.name(),
                workplace.directory(),
                contender.jvmOptions(workplace, classPath),
                MailSender.class,
                contender.arguments(sink.port()));
        return new MailetSender(contender.name(), process, sink);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Round deliver(Load load) throws IOException, InterruptedException {
        sink.reset();
        long started = feed(load);
        Figures finished = finish();
        Figures arrived = sink.report();
        if (finished.get("left") > 0 || finished.get("returned") > 0) {
            throw new IllegalStateException(name + " did not deliver all of " + load.mails() + " mails: "
                    + finished.line() + "; arrived: " + arrived.line());
        }
        SinkProcess.check(arrived, load);
        return new Round(
                load.mails(),
                (arrived.get("lastMicros") - started) / MICROS_PER_SECOND,
                OptionalDouble.of(finished.get("cpuNanos") / NANOS_PER_MILLI),
                arrived.get("cpuNanos") / NANOS_PER_MILLI,
                arrived.get("connections"));
    }

    /** Waits until it has nothing left, or as long as ever more arrives at the sink. */
    private Figures finish() throws IOException, InterruptedException {
        long arrivedBefore = -1;
        Figures finished = Figures.NONE;
        for (long arrived = 0; arrived > arrivedBefore; arrived = sink.report().get("messages")) {
            arrivedBefore = arrived;
            finished = process.ask("finish " + LONGEST_PAUSE.toSeconds(), PATIENCE);
            if (finished.get("left") == 0) {
                break;
            }
        }
        return finished;
    }

    /**
     * Hands over a load and does not wait until it is delivered.
     *
     * @return when it began, in microseconds as {@link SinkCounts#now}
     */
    long feed(Load load) throws IOException, InterruptedException {
        return process.ask("feed " + load.line(), PATIENCE).get("startedMicros");
    }

    /** Bytes of the heap in use after a collection. */
    long memory() throws IOException, InterruptedException {
        return process.ask("memory", PATIENCE).get("heapBytes");
    }

    /** Ends it with what it has not yet delivered. */
    void kill() {
        process.kill();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
