package org.jamestls.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/** Postfix, from the moment at which it is told to deliver what it has. */
final class PostfixSender implements Sender {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String name;
    private final PostfixInstance postfix;
    private final SinkProcess sink;

    private PostfixSender(String name, PostfixInstance postfix, SinkProcess sink) {
        this.name = name;
        this.postfix = postfix;
        this.sink = sink;
    }

    static PostfixSender start(boolean reuse, Workplace workplace, SinkProcess sink)
            throws IOException, InterruptedException, MissingPostfixException {
        String name = reuse ? "postfix_reuse" : "postfix";
        PostfixInstance postfix = PostfixInstance.start(
                name,
                new Destination(0),
                sink.port(),
                workplace.rootsPem(),
                List.of("smtp_tls_connection_reuse = " + (reuse ? "yes" : "no")));
        return new PostfixSender(name, postfix, sink);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public Round deliver(Load load) throws IOException, InterruptedException {
        postfix.take(load);
        sink.reset();
        long started = SinkCounts.now();
        postfix.deliver();
        Figures arrived = sink.await(load.mails(), PATIENCE);
        if (arrived.get("messages") < load.mails()) {
            throw new IllegalStateException(name + " did not deliver all: " + arrived.line() + "; " + postfix.log());
        }
        SinkProcess.check(arrived, load);
        return new Round(
                load.mails(),
                (arrived.get("lastMicros") - started) / 1e6,
                OptionalDouble.empty(),
                arrived.get("cpuNanos") / 1e6,
                arrived.get("connections"));
    }

    @Override
    public void close() {
        postfix.close();
    }
}
