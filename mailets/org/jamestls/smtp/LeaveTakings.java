package org.jamestls.smtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Connections that say QUIT and wait for the reply, which is nobody's business but that of the threads here. They count
 * against the limits as those that carry mail do: where one more is opened, those that have waited longest go without
 * the reply. Safe for use by several threads.
 */
final class LeaveTakings implements AutoCloseable {

    private static final int MOST_THREADS = 16;
    private static final Duration LEAVE_TAKING = Duration.ofSeconds(5);
    private static final Duration IDLE_THREAD = Duration.ofSeconds(1);

    private final ConnectionLimits limits;
    private final ThreadPoolExecutor executor;
    private final Map<ConnectionKey, Integer> open = new HashMap<>();
    private final Set<Leaving> leaving = new LinkedHashSet<>();
    private int openInAll;

    /** A connection on its way out; one and the same object for one leave-taking. */
    private static final class Leaving {
        private final ConnectionKey key;
        private final SmtpConnection connection;
        private final long began = System.nanoTime();

        private Leaving(ConnectionKey key, SmtpConnection connection) {
            this.key = key;
            this.connection = connection;
        }

        private void awaitEnd() {
            if (System.nanoTime() - began < LEAVE_TAKING.toNanos()) {
                connection.awaitEnd();
            } else {
                connection.abort();
            }
        }
    }

    LeaveTakings(ConnectionLimits limits) {
        this.limits = limits;
        executor = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                IDLE_THREAD.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(), // no more than limits.inAll() of them are on their way out
                task -> {
                    Thread thread = new Thread(task, "smtp-leave-taking");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Makes room for a connection that is about to be opened, and counts it until {@link #leave} or {@link #gone}. */
    void opens(ConnectionKey key) {
        List<Leaving> toAbort = new ArrayList<>();
        synchronized (this) {
            int ofKey = open.merge(key, 1, Integer::sum);
            openInAll++;
            remove(leavingOf(key) + ofKey - limits.perHost(), one -> one.key.equals(key), toAbort);
            remove(leaving.size() + openInAll - limits.inAll(), one -> true, toAbort);
        }
        toAbort.forEach(one -> one.connection.abort());
    }

    private int leavingOf(ConnectionKey key) {
        return (int) leaving.stream().filter(one -> one.key.equals(key)).count();
    }

    private void remove(int tooMany, Predicate<Leaving> which, List<Leaving> removed) {
        int left = tooMany;
        for (Iterator<Leaving> oldestFirst = leaving.iterator(); left > 0 && oldestFirst.hasNext(); ) {
            Leaving one = oldestFirst.next();
            if (which.test(one)) {
                oldestFirst.remove();
                removed.add(one);
                left--;
            }
        }
    }

    /** The connection that was to be opened did not come about, or is closed. */
    synchronized void gone(ConnectionKey key) {
        open.computeIfPresent(key, (any, count) -> count == 1 ? null : count - 1);
        openInAll--;
    }

    /** Says QUIT on an open connection and returns; never throws. */
    void leave(ConnectionKey key, SmtpConnection connection) {
        connection.sayQuit();
        Leaving one = new Leaving(key, connection);
        synchronized (this) {
            gone(key);
            leaving.add(one);
        }
        try {
            executor.execute(() -> {
                try {
                    one.awaitEnd();
                } finally {
                    ended(one);
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            connection.abort();
            ended(one);
        }
    }

    private synchronized void ended(Leaving one) {
        leaving.remove(one);
    }

    /** Waits a short time for the replies that are due, then closes what is left. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(LEAVE_TAKING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Leaving> left;
        synchronized (this) {
            left = List.copyOf(leaving);
            leaving.clear();
        }
        executor.shutdownNow();
        left.forEach(one -> one.connection.abort());
    }
}
