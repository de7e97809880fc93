package org.jamestls.delivery;

import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Items whose attempt is over, and whose settlement the queue or James did not take: it is tried again, after a pause that
 * doubles each time. Nothing is attempted again meanwhile. Safe for use by several threads, but for {@link #round}.
 */
final class OwedSettlements {

    private static final Logger LOGGER = LoggerFactory.getLogger(OwedSettlements.class);

    static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final Queue<Owed> owed = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private final class Owed {
        private final Undertaking item;
        private final Runnable afterwards;
        private Duration pause = FIRST_PAUSE;
        private long due = nanoTime.getAsLong() + pause.toNanos();

        private Owed(Undertaking item, Runnable afterwards) {
            this.item = item;
            this.afterwards = afterwards;
        }

        private boolean isDue() {
            return nanoTime.getAsLong() - due >= 0;
        }

        private void waitLonger() {
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            due = nanoTime.getAsLong() + pause.toNanos();
        }
    }

    /** @param nanoTime the time, as {@link System#nanoTime} */
    OwedSettlements(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Takes an item on. After the end it goes back to the queue at once. Never throws, whatever memory there is. */
    void add(Undertaking item, Runnable afterwards) {
        while (!closed) {
            try {
                owed.add(new Owed(item, afterwards));
                if (closed) {
                    giveBackAll();
                }
                return;
            } catch (OutOfMemoryError e) {
                SureLog.error(LOGGER, "There is no memory to settle a mail; waiting for some", e);
                pause();
            }
        }
        giveBack(item, afterwards);
    }

    private void pause() {
        try {
            Thread.sleep(FIRST_PAUSE.toMillis());
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    /** Tries again what is due. For one thread at a time. */
    void round() {
        for (Iterator<Owed> all = owed.iterator(); all.hasNext(); ) {
            Owed next = all.next();
            if (!next.isDue()) {
                continue;
            }
            if (next.item.settle()) {
                all.remove();
                next.afterwards.run();
            } else {
                next.waitLonger();
            }
        }
    }

    /** Tries everything once more and gives the rest back to the queue; so happens to what is added from here on. */
    void close() {
        closed = true;
        giveBackAll();
    }

    private void giveBackAll() {
        for (Owed next = owed.poll(); next != null; next = owed.poll()) {
            giveBack(next.item, next.afterwards);
        }
    }

    private static void giveBack(Undertaking item, Runnable afterwards) {
        if (!item.settle()) {
            item.giveBack();
        }
        afterwards.run();
    }
}
