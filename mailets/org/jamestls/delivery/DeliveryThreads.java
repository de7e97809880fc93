package org.jamestls.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that deliver, lane by lane. A thread that cannot be started, or breaks off, is made good: its lane gets
 * another. Safe for use by several threads.
 */
final class DeliveryThreads {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryThreads.class);
    private static final Duration IDLE_THREAD = Duration.ofSeconds(30);

    private final Lanes<Undertaking> lanes;
    private final int window;
    private final Consumer<Undertaking> delivery;
    private final ThreadPoolExecutor threads;

    /** @param delivery delivers one item and never throws */
    DeliveryThreads(WorkerLimits limits, ThreadFactory factory, Consumer<Undertaking> delivery) {
        this.lanes = new Lanes<>(limits.perDestination(), limits.inAll(), System::nanoTime);
        this.window = limits.window();
        this.delivery = delivery;
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // the lanes count them
                IDLE_THREAD.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                factory);
    }

    /**
     * Lets an item wait for its turn.
     *
     * @throws RejectedExecutionException when closed
     */
    void admit(Undertaking item) {
        if (lanes.add(item.destination(), item)) {
            start(item.destination());
        }
    }

    private void start(String destination) {
        try {
            threads.execute(() -> serve(destination));
        } catch (RejectedExecutionException closing) {
            SureLog.debug(LOGGER, "Mail to {} was given back to the queue", destination);
        } catch (RuntimeException | Error e) {
            lanes.leave(destination); // which gets a thread at one of the next inspections
            SureLog.error(LOGGER, "No thread could be started for mail to {}; it waits for one", destination, e);
        }
    }

    /** Gives another thread to lanes whose mails wait for long, even when nothing arrives that could tell. */
    void staff() {
        for (Optional<String> lane = lanes.understaffed(); lane.isPresent(); lane = lanes.understaffed()) {
            start(lane.get());
        }
    }

    private void serve(String first) {
        Optional<String> lane = Optional.of(first);
        while (lane.isPresent()) {
            serveLane(lane.get());
            lane = lanes.understaffed();
        }
    }

    private void serveLane(String destination) {
        boolean left = false;
        try {
            for (Optional<Undertaking> item = lanes.next(destination);
                    item.isPresent();
                    item = lanes.next(destination)) {
                delivery.accept(item.get());
            }
            left = true; // as lanes.next has noted
        } finally {
            if (!left) {
                lanes.leave(destination);
            }
        }
    }

    /** What destinations that hardly move hold beyond their share; it waits here no more. */
    List<Undertaking> overflow() {
        return lanes.overflow(window);
    }

    /** Takes no further item and returns those that wait; those under way go on. */
    List<Undertaking> close() {
        List<Undertaking> waiting = lanes.close();
        threads.shutdown();
        return waiting;
    }

    /** Waits for deliveries under way; false when they took too long. */
    boolean await(Duration time) {
        try {
            return threads.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
