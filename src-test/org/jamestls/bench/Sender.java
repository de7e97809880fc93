package org.jamestls.bench;

import java.io.IOException;

/** Who takes part in a contest. */
interface Sender extends AutoCloseable {

    /** As it stands in the names of results. */
    String name();

    /**
     * Delivers a load to the sink.
     *
     * @throws IllegalStateException when not all of it arrives, or not over TLS
     */
    Round deliver(Load load) throws IOException, InterruptedException;

    /** Whether it becomes faster by delivering, as a JVM does. */
    default boolean warmsUp() {
        return true;
    }

    @Override
    void close() throws IOException;
}
