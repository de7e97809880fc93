package org.jamestls.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * What waits in memory, a lane for each destination, and how many threads serve each lane. A lane begins with one thread,
 * so that few mails go over one connection, and gets more as mails pile up in it; but never more than half of those still
 * free, so that destinations that do not answer leave some to the others. Safe for use by several threads.
 *
 * @param <T> what waits
 */
final class Lanes<T> {

    /** How many may wait for each thread of a lane before it gets another. */
    static final int WAITING_PER_THREAD = 10;

    /** How long one may wait before its lane gets another thread. */
    static final long LONG_WAIT_NANOS = 1_000_000_000L;

    /** How many one thread takes from a lane while another lane has no thread. */
    static final int TURN = 10;

    /** How long one may wait before its lane counts as one that hardly moves. */
    static final long STALLED_NANOS = 5_000_000_000L;

    private final int threadsPerLane;
    private final int threadsInAll;
    private final LongSupplier nanoTime;
    private final Map<String, Lane<T>> lanes = new HashMap<>();
    private final Set<String> withoutThread = new LinkedHashSet<>();
    private int threads;
    private boolean closed;

    private record Waiting<T>(T item, long since) {}

    private static final class Lane<T> {
        private final Deque<Waiting<T>> waiting = new ArrayDeque<>();
        private int threads;
        private int takenInTurn;
    }

    /**
     * @param threadsPerLane the most threads that serve one destination
     * @param threadsInAll the most threads together
     * @param nanoTime the time, as {@link System#nanoTime}
     */
    Lanes(int threadsPerLane, int threadsInAll, LongSupplier nanoTime) {
        this.threadsPerLane = threadsPerLane;
        this.threadsInAll = threadsInAll;
        this.nanoTime = nanoTime;
    }

    /**
     * Lets an item wait for its destination.
     *
     * @return whether the lane gets another thread for it, which the caller has to provide
     * @throws RejectedExecutionException when closed
     */
    synchronized boolean add(String destination, T item) {
        if (closed) {
            throw new RejectedExecutionException("no item is taken any more");
        }
        Lane<T> lane = lanes.computeIfAbsent(destination, any -> new Lane<>());
        lane.waiting.add(new Waiting<>(item, nanoTime.getAsLong()));
        return staff(destination, lane);
    }

    /** The next item for a thread of a lane; empty when the thread is to leave the lane. */
    synchronized Optional<T> next(String destination) {
        Lane<T> lane = lanes.get(destination);
        boolean turnIsOver = lane.threads > 1 || lane.takenInTurn >= TURN;
        if (lane.waiting.isEmpty() || turnIsOver && !withoutThread.isEmpty()) {
            leave(destination, lane);
            return Optional.empty();
        }
        lane.takenInTurn++;
        Optional<T> next = Optional.of(lane.waiting.element().item());
        lane.waiting.remove(); // after what needs memory, so that nothing is removed and not returned
        return next;
    }

    /** A thread that a lane was given leaves it, perhaps without ever having come. */
    synchronized void leave(String destination) {
        Lane<T> lane = lanes.get(destination);
        if (lane != null && lane.threads > 0) {
            leave(destination, lane);
        }
    }

    private void leave(String destination, Lane<T> lane) {
        threads--;
        lane.threads--;
        lane.takenInTurn = 0;
        if (lane.threads == 0 && lane.waiting.isEmpty()) {
            lanes.remove(destination);
        } else if (lane.threads == 0) {
            withoutThread.add(destination);
        }
    }

    /** A lane that gets another thread now, which the caller has to provide; first those that have none. */
    synchronized Optional<String> understaffed() {
        for (String destination : List.copyOf(withoutThread)) {
            if (staff(destination, lanes.get(destination))) {
                return Optional.of(destination);
            }
        }
        return lanes.entrySet().stream()
                .filter(lane -> staff(lane.getKey(), lane.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private boolean staff(String destination, Lane<T> lane) {
        if (lane.waiting.isEmpty()) {
            return false;
        }
        boolean staffed = lane.threads == 0 ? threads < threadsInAll : wantsAnother(lane) && mayHaveAnother(lane);
        if (staffed) {
            threads++;
            lane.threads++;
            withoutThread.remove(destination);
        } else if (lane.threads == 0) {
            withoutThread.add(destination);
        }
        return staffed;
    }

    private boolean wantsAnother(Lane<T> lane) {
        return lane.waiting.size() > WAITING_PER_THREAD * lane.threads
                || nanoTime.getAsLong() - lane.waiting.element().since() > LONG_WAIT_NANOS;
    }

    private boolean mayHaveAnother(Lane<T> lane) {
        return lane.threads < Math.min(threadsPerLane, (threadsInAll - threads) / 2);
    }

    /**
     * Takes out of lanes that hardly move what they hold beyond their share, the newest first. The share of a lane is half
     * of what the others leave free, so that destinations that do not answer never fill the window.
     *
     * @param window how many may wait in all lanes together
     */
    synchronized List<T> overflow(int window) {
        int waiting =
                lanes.values().stream().mapToInt(lane -> lane.waiting.size()).sum();
        List<T> overflow = new ArrayList<>();
        for (Lane<T> lane : lanes.values()) {
            if (!isStalled(lane)) {
                continue;
            }
            int share = Math.max(1, (window - (waiting - lane.waiting.size())) / 2);
            while (lane.waiting.size() > share) {
                overflow.add(lane.waiting.removeLast().item());
                waiting--;
            }
        }
        return overflow;
    }

    private boolean isStalled(Lane<T> lane) {
        return !lane.waiting.isEmpty()
                && nanoTime.getAsLong() - lane.waiting.element().since() > STALLED_NANOS;
    }

    /** Takes no further item and returns those that wait. */
    synchronized List<T> close() {
        closed = true;
        List<T> left = new ArrayList<>();
        for (Lane<T> lane : lanes.values()) {
            lane.waiting.forEach(waiting -> left.add(waiting.item()));
            lane.waiting.clear();
        }
        withoutThread.clear();
        return left;
    }
}
