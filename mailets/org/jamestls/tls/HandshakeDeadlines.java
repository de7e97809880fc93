package org.jamestls.tls;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bounds whole handshakes: a peer that sends one byte just before each read times out would otherwise hold a worker for
 * hours. The one thread behind it ends when nothing is left to watch.
 */
final class HandshakeDeadlines {

    private static final Duration IDLE_THREAD = Duration.ofSeconds(10);

    private final ScheduledThreadPoolExecutor watch;

    HandshakeDeadlines() {
        this.watch = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "tls-handshake-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        watch.setRemoveOnCancelPolicy(true);
        watch.setKeepAliveTime(IDLE_THREAD.toMillis(), TimeUnit.MILLISECONDS);
        watch.allowCoreThreadTimeOut(true);
    }

    /** Closes the connection when the limit passes before {@link Deadline#met}. */
    Deadline start(Closeable connection, Duration limit) {
        return new Deadline(connection, limit);
    }

    /** The deadline of one handshake. */
    final class Deadline implements AutoCloseable {
        private final AtomicBoolean decided = new AtomicBoolean();
        private final Future<?> expiry;
        private volatile boolean expired;

        private Deadline(Closeable connection, Duration limit) {
            expiry = watch.schedule(() -> expire(connection), limit.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void expire(Closeable connection) {
            if (decided.compareAndSet(false, true)) {
                expired = true;
                try {
                    connection.close();
                } catch (IOException e) {
                    // closed as far as it goes: the handshake fails either way
                }
            }
        }

        /** Ends the watch; true when the handshake was in time. */
        boolean met() {
            expiry.cancel(false);
            decided.compareAndSet(false, true);
            return !expired;
        }

        @Override
        public void close() {
            met();
        }
    }
}
