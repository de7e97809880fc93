package org.jamestls.delivery;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Takes items from the outgoing queue, as many as the window holds, and has threads deliver them. James's queues cannot be
 * asked for mail to one destination or another; so a destination that does not answer may hold but a share of the window,
 * and what is beyond it waits in the queue. Whatever is thrown, no item that was taken is forgotten.
 */
final class OutgoingWorker implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutgoingWorker.class);
    private static final Duration INSPECTION = Duration.ofMillis(250);
    private static final Duration FIRST_RECONNECT = Duration.ofMillis(100);
    private static final Duration LONGEST_RECONNECT = Duration.ofMinutes(1);

    /** How long an end waits for an item that may be on its way from the queue. */
    private static final Duration HANDOVER = Duration.ofMillis(50);

    /** The same where deliveries were cut off, whose mails go back to the queue and come from there at once. */
    private static final Duration HANDOVER_OF_CUT_OFF = Duration.ofSeconds(2);

    /** How long an end waits for what has nothing to wait for any more: deliveries broken off, settlements under way. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(10);

    /** After how many inspections what is beyond a share goes back to a queue that hands it out again at once. */
    private static final int INSPECTIONS_WITHOUT_DELAYS = 40;

    private final MailQueue queue;
    private final int window;
    private final Duration grace;
    private final InstantSource clock;
    private final Function<MailQueueItem, ? extends Undertaking> undertakings;
    private final DeliveryThreads threads;
    private final OwedSettlements owed = new OwedSettlements(System::nanoTime);
    private final ScheduledExecutorService inspection;
    private final ScheduledExecutorService settlement;
    private final Scheduler dequeuer;
    private final Claims claims = new Claims();
    private final QueueOutage outage;
    private final AtomicInteger inHand = new AtomicInteger();
    private final Dequeuing dequeuing = new Dequeuing();
    private volatile boolean delaysIgnored;
    private volatile boolean stopping;
    private boolean cutOff;
    private int inspectionsSinceOverflow;

    /**
     * @param limits how many threads there may be, and how many items in memory
     * @param grace how long an end waits for deliveries under way
     * @param undertakings makes of an item what delivers it
     */
    OutgoingWorker(
            MailQueue queue,
            WorkerLimits limits,
            Duration grace,
            InstantSource clock,
            Function<MailQueueItem, ? extends Undertaking> undertakings) {
        this(queue, limits, grace, clock, undertakings, named(name(queue)));
    }

    /** @param threadFactory makes the threads that deliver */
    OutgoingWorker(
            MailQueue queue,
            WorkerLimits limits,
            Duration grace,
            InstantSource clock,
            Function<MailQueueItem, ? extends Undertaking> undertakings,
            ThreadFactory threadFactory) {
        this.queue = queue;
        this.outage = new QueueOutage(queue.getName());
        this.window = limits.window();
        this.grace = grace;
        this.clock = clock;
        this.undertakings = undertakings;
        this.threads = new DeliveryThreads(limits, threadFactory, this::deliver);
        this.inspection = Executors.newSingleThreadScheduledExecutor(named(name(queue) + "-inspection"));
        this.settlement = Executors.newSingleThreadScheduledExecutor(named(name(queue) + "-settlement"));
        this.dequeuer = Schedulers.newSingle(name(queue) + "-dequeue");
    }

    private static String name(MailQueue queue) {
        return "TlsRemoteDelivery-" + queue.getName().asString();
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> new Thread(task, prefix + "-" + number.incrementAndGet());
    }

    void start() {
        Flux.from(queue.deQueue())
                .doOnError(this::tellOfBreak)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RECONNECT).maxBackoff(LONGEST_RECONNECT))
                .doOnDiscard(MailQueueItem.class, this::giveBackDiscarded)
                .subscribeOn(dequeuer) // some of James's queues wait for items on the thread that asks
                .subscribe(dequeuing);
        everyInspection(inspection, threads::staff);
        everyInspection(settlement, owed::round);
        everyInspection(settlement, this::deferOverflow);
    }

    /** A stop breaks off the waiting for items too, which is nothing to tell. */
    private void tellOfBreak(Throwable reason) {
        if (!stopping) {
            outage.brokeOff(reason);
        }
    }

    private static void everyInspection(ScheduledExecutorService executor, Runnable task) {
        executor.scheduleWithFixedDelay(
                () -> whateverIsThrown(task), INSPECTION.toMillis(), INSPECTION.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void whateverIsThrown(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            SureLog.error(LOGGER, "A task of the worker broke off; its next turn comes", e);
        }
    }

    /** What the stream had taken from the queue for us when it was cancelled. */
    private void giveBackDiscarded(MailQueueItem item) {
        if (claims.claim(item)) {
            undertakings.apply(item).giveBack();
            claims.release(item);
        }
    }

    private final class Dequeuing extends BaseSubscriber<MailQueueItem> {
        private final CountDownLatch cancelled = new CountDownLatch(1);

        /**
         * Cancels, between two items if any comes: James's memory queue loses an item that it is handing over while
         * another thread cancels.
         */
        void end(Duration handover) {
            try {
                if (cancelled.await(handover.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            cancel();
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(window);
        }

        /** Never throws, since the stream would end. */
        @Override
        protected void hookOnNext(MailQueueItem item) {
            try {
                outage.over();
                take(item);
            } catch (RuntimeException | Error e) {
                SureLog.error(LOGGER, "An item of the queue {} cannot be taken on; it goes back", queue.getName(), e);
                giveBackAfterAPause(item);
            }
        }

        private void take(MailQueueItem item) {
            if (persistently(() -> claims.claim(item))) {
                inHand.incrementAndGet();
                Undertaking undertaking = persistently(() -> undertakings.apply(item));
                persistently(() -> admit(undertaking));
            }
        }

        private void giveBackAfterAPause(MailQueueItem item) {
            try {
                pause();
                item.done(CompletionStatus.RETRY);
            } catch (MailQueueException | InterruptedException | RuntimeException | Error e) {
                SureLog.error(LOGGER, "An item did not go back to the queue {}", queue.getName(), e);
            }
        }

        /** @return false when the server stops and the item has been given back */
        private boolean admit(Undertaking undertaking) {
            try {
                delaysIgnored |= Deferral.cameEarly(undertaking.item().getMail(), clock.instant());
                threads.admit(undertaking);
                return true;
            } catch (RejectedExecutionException closing) {
                cancel();
                undertaking.giveBack();
                cancelled.countDown();
                return false;
            }
        }
    }

    /** Does what an item that was taken must not be lost over: again and again, while there is no memory for it. */
    private static <T> T persistently(Supplier<T> task) {
        while (true) {
            try {
                return task.get();
            } catch (OutOfMemoryError e) {
                SureLog.error(LOGGER, "There is no memory for a mail from the queue; waiting for some", e);
                pause(e);
            }
        }
    }

    private static void pause(OutOfMemoryError reason) {
        try {
            pause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(INSPECTION.toMillis());
    }

    private void deliver(Undertaking undertaking) {
        boolean settled = false;
        try {
            settled = undertaking.deliver();
        } catch (RuntimeException | Error e) {
            SureLog.error(LOGGER, "The delivery of a mail broke off; it is settled later", e);
        }
        finish(undertaking, settled);
    }

    private void finish(Undertaking undertaking, boolean settled) {
        if (settled) {
            release(undertaking);
        } else {
            owed.add(undertaking, () -> release(undertaking));
        }
    }

    /** The item is settled; there is room for another. */
    private void release(Undertaking undertaking) {
        claims.release(undertaking.item());
        inHand.decrementAndGet();
        dequeuing.request(1);
    }

    private void deferOverflow() {
        inspectionsSinceOverflow++;
        boolean soon = delaysIgnored && inspectionsSinceOverflow < INSPECTIONS_WITHOUT_DELAYS;
        if (inHand.get() < window || soon) {
            return;
        }
        for (Undertaking undertaking : threads.overflow()) {
            inspectionsSinceOverflow = 0;
            if (undertaking.defer()) {
                finish(undertaking, undertaking.settle());
            } else {
                dequeuing.admit(undertaking);
            }
        }
    }

    /** Takes no further item, gives back those that wait, and lets those under way end, for a bounded time. */
    @Override
    public void close() {
        stopping = true;
        claims.cancelled();
        inspection.shutdownNow();
        threads.close().forEach(Undertaking::giveBack);
        cutOff = !threads.await(grace);
        if (cutOff) {
            SureLog.warn(LOGGER, "Deliveries from the queue {} are still under way after {}", queue.getName(), grace);
        }
    }

    /** Waits for deliveries under way that had to be broken off, and gives back what could not be settled. */
    void closeForGood() {
        threads.await(LAST_WAIT);
        settlement.shutdown();
        try {
            settlement.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        owed.close();
        // last, since both interrupt the thread that asks: ActiveMQ's connection, on which all else is said, may end
        // with it
        dequeuing.end(cutOff ? HANDOVER_OF_CUT_OFF : HANDOVER);
        dequeuer.dispose();
    }
}
