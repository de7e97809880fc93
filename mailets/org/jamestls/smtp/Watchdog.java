package org.jamestls.smtp;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Closes sockets whose peer takes too long for a whole step. A socket's own time-out bounds one silence, not a reply
 * that drips in octet by octet, and nothing bounds a write to a peer that does not read. Safe for use by several threads.
 */
final class Watchdog implements AutoCloseable {

    /** How much later than its limit a step may be ended. */
    private static final Duration GRANULARITY = Duration.ofMillis(100);

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "smtp-watchdog");
        thread.setDaemon(true);
        return thread;
    });

    private volatile boolean closed;

    Watchdog() {
        rounds.scheduleWithFixedDelay(
                () -> watches.forEach(Watch::check),
                GRANULARITY.toMillis(),
                GRANULARITY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    Watch watch(Socket socket) {
        Watch watch = new Watch(socket);
        watches.add(watch);
        if (closed) {
            watch.closeSocket();
        }
        return watch;
    }

    /** Closes every socket, those under watch and those to come. */
    @Override
    public void close() {
        closed = true;
        rounds.shutdownNow();
        watches.forEach(Watch::closeSocket);
    }

    /** The time limit of one socket's present step. */
    final class Watch {
        private final Socket socket;
        private volatile boolean armed;
        private volatile boolean expired;
        private volatile long deadline;

        private Watch(Socket socket) {
            this.socket = socket;
        }

        void arm(Duration limit) {
            deadline = System.nanoTime() + limit.toNanos();
            armed = true;
        }

        void disarm() {
            armed = false;
        }

        /** Whether the socket was closed because a step took too long. */
        boolean expired() {
            return expired;
        }

        void end() {
            watches.remove(this);
        }

        private void check() {
            if (armed && System.nanoTime() - deadline > 0) {
                expired = true;
                end();
                closeSocket();
            }
        }

        private void closeSocket() {
            try {
                socket.close();
            } catch (IOException e) {
                // closed all the same: what waits on the socket fails
                armed = false;
            }
        }
    }
}
