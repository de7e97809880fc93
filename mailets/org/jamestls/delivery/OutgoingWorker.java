package org.jamestls.delivery;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
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
 * Takes items from the outgoing queue, as many as the window holds, and has threads deliver them, lane by lane. James's
 * queues cannot be asked for mail to one destination or another; so a destination that does not answer holds up the
 * others only when its mails fill the window.
 */
final class OutgoingWorker implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutgoingWorker.class);
    private static final Duration INSPECTION = Duration.ofMillis(250);
    private static final Duration IDLE_THREAD = Duration.ofSeconds(30);
    private static final Duration FIRST_RECONNECT = Duration.ofMillis(100);
    private static final Duration LONGEST_RECONNECT = Duration.ofMinutes(1);

    /** How long an end waits for an item that is on its way from the queue. */
    private static final Duration HANDOVER = Duration.ofMillis(50);

    private final MailQueue queue;
    private final int window;
    private final Duration grace;
    private final Consumer<MailQueueItem> delivery;
    private final Lanes<MailQueueItem> lanes;
    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService inspection;
    private final Scheduler dequeuer;
    private final Claims claims = new Claims();
    private final Dequeuing dequeuing = new Dequeuing();

    /**
     * @param limits how many threads there may be, and how many items in memory
     * @param grace how long an end waits for deliveries under way
     * @param delivery delivers one item and never throws
     */
    OutgoingWorker(MailQueue queue, WorkerLimits limits, Duration grace, Consumer<MailQueueItem> delivery) {
        this.queue = queue;
        this.window = limits.window();
        this.grace = grace;
        this.delivery = delivery;
        this.lanes = new Lanes<>(limits.perDestination(), limits.inAll(), System::nanoTime);
        String name = "TlsRemoteDelivery-" + queue.getName().asString();
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // the lanes count them
                IDLE_THREAD.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named(name));
        this.inspection = Executors.newSingleThreadScheduledExecutor(named(name + "-inspection"));
        this.dequeuer = Schedulers.newSingle(name + "-dequeue");
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> new Thread(task, prefix + "-" + number.incrementAndGet());
    }

    void start() {
        Flux.from(queue.deQueue())
                .doOnError(e -> LOGGER.error("The queue {} broke off; asking it again", queue.getName(), e))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RECONNECT).maxBackoff(LONGEST_RECONNECT))
                .doOnDiscard(MailQueueItem.class, this::giveBackDiscarded)
                .subscribeOn(dequeuer) // some of James's queues wait for items on the thread that asks
                .subscribe(dequeuing);
        inspection.scheduleWithFixedDelay(
                this::inspect, INSPECTION.toMillis(), INSPECTION.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What the stream had taken from the queue for us when it was cancelled. */
    private void giveBackDiscarded(MailQueueItem item) {
        if (claims.claim(item)) {
            giveBack(item);
            claims.release(item);
        }
    }

    private final class Dequeuing extends BaseSubscriber<MailQueueItem> {
        private final CountDownLatch cancelled = new CountDownLatch(1);

        /**
         * Cancels, between two items if any comes: James's memory queue loses an item that it is handing over while
         * another thread cancels.
         */
        void end() {
            try {
                if (cancelled.await(HANDOVER.toMillis(), TimeUnit.MILLISECONDS)) {
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

        @Override
        protected void hookOnNext(MailQueueItem item) {
            if (!claims.claim(item)) {
                return;
            }
            String destination = destination(item);
            boolean needsThread;
            try {
                needsThread = lanes.add(destination, item);
            } catch (RejectedExecutionException closing) {
                cancel();
                cancelled.countDown();
                giveBack(item);
                return;
            }
            if (needsThread) {
                startThread(destination);
            }
        }
    }

    private void startThread(String destination) {
        try {
            threads.execute(() -> serve(destination));
        } catch (RejectedExecutionException closing) {
            LOGGER.debug("Mail to {} was given back to the queue {}", destination, queue.getName());
        }
    }

    private static String destination(MailQueueItem item) {
        return item.getMail().getRecipients().stream()
                .findFirst()
                .map(MailAddress::getDomain)
                .map(domain -> domain.asString())
                .orElse("");
    }

    /** Lanes whose mails wait for long get another thread, even when nothing arrives that could tell. */
    private void inspect() {
        for (Optional<String> lane = lanes.understaffed(); lane.isPresent(); lane = lanes.understaffed()) {
            startThread(lane.get());
        }
    }

    private void serve(String first) {
        Optional<String> lane = Optional.of(first);
        while (lane.isPresent()) {
            String destination = lane.get();
            for (Optional<MailQueueItem> item = lanes.next(destination);
                    item.isPresent();
                    item = lanes.next(destination)) {
                deliver(item.get());
            }
            lane = lanes.understaffed();
        }
    }

    private void deliver(MailQueueItem item) {
        try {
            delivery.accept(item);
        } catch (RuntimeException | Error e) {
            // the thread goes on: a lane counts on those it was given
            LOGGER.error("The delivery of mail {} broke off", item.getMail().getName(), e);
        } finally {
            claims.release(item);
            dequeuing.request(1);
        }
    }

    private static void giveBack(MailQueueItem item) {
        try {
            item.done(CompletionStatus.RETRY);
        } catch (MailQueueException e) {
            LOGGER.error("The queue did not take back {}", item.getMail().getName(), e);
        } finally {
            LifecycleUtil.dispose(item.getMail());
        }
    }

    /** Takes no further item, gives back those that wait, and lets those under way end, for a bounded time. */
    @Override
    public void close() {
        claims.cancelled();
        inspection.shutdownNow();
        lanes.close().forEach(OutgoingWorker::giveBack);
        dequeuing.end();
        threads.shutdown();
        dequeuer.dispose();
        if (!awaitDeliveries()) {
            LOGGER.warn("Deliveries from the queue {} are still under way after {}", queue.getName(), grace);
        }
    }

    /** Waits for deliveries under way; false when they took too long. */
    boolean awaitDeliveries() {
        try {
            return threads.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
