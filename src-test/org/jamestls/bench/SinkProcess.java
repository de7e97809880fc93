package org.jamestls.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The sink, seen from here. */
final class SinkProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(20);

    private final ChildJvm process;
    private final Figures description;

    private SinkProcess(ChildJvm process, Figures description) {
        this.process = process;
        this.description = description;
    }

    static SinkProcess start(Workplace workplace) throws IOException, InterruptedException {
        ChildJvm process = ChildJvm.start(
                "sink",
                workplace.directory(),
                List.of("-Xms256m", "-Xmx1g", "-XX:+UseParallelGC", "-cp", System.getProperty("java.class.path")),
                Sink.class,
                List.of(workplace.sinkKeys().toString()));
        return new SinkProcess(process, process.ask("describe", PATIENCE));
    }

    int port() {
        return (int) description.get("port");
    }

    /** Whether native code does its TLS, which costs a fraction of the JDK's. */
    boolean nativeTls() {
        return description.get("nativeCode") == 1;
    }

    /** Begins a round: with all counts at zero, and without a connection that an earlier round paid for. */
    void reset() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (report().get("open") > 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException("connections of the round before are still open after " + PATIENCE);
            }
            TimeUnit.MILLISECONDS.sleep(GLANCE.toMillis());
        }
        process.ask("reset", PATIENCE);
    }

    Figures report() throws IOException, InterruptedException {
        return process.ask("report", PATIENCE);
    }

    /** What has arrived as soon as so many messages have, or when patience ends. */
    Figures await(int messages, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Figures figures = report();
        while (figures.get("messages") < messages && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(GLANCE.toMillis());
            figures = report();
        }
        return figures;
    }

    /** @throws IllegalStateException when not exactly the load has arrived, each message whole and over TLS */
    static void check(Figures arrived, Load load) {
        boolean right = arrived.get("messages") == load.mails()
                && arrived.get("recipients") == (long) load.mails() * load.recipients()
                && arrived.get("messagesInTheClear") == 0
                && arrived.get("bytes") >= (long) load.mails() * load.bytes();
        if (!right) {
            throw new IllegalStateException("expected " + load.mails() + " messages of " + load.bytes() + " bytes with "
                    + load.recipients() + " recipients, all over TLS; arrived: " + arrived.line());
        }
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
