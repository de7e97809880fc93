package org.jamestls.delivery;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
import reactor.util.retry.Retry;

/**
 * Takes items from the outgoing queue and hands each to one of a fixed number of threads. No more items are taken than
 * threads are free.
 */
final class OutgoingWorker implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutgoingWorker.class);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration FIRST_RECONNECT = Duration.ofMillis(100);
    private static final Duration LONGEST_RECONNECT = Duration.ofMinutes(1);

    private final MailQueue queue;
    private final int threads;
    private final Consumer<MailQueueItem> delivery;
    private final ExecutorService executor;
    private final Dequeuing dequeuing = new Dequeuing();

    OutgoingWorker(MailQueue queue, int threads, Consumer<MailQueueItem> delivery) {
        this.queue = queue;
        this.threads = threads;
        this.delivery = delivery;
        this.executor = Executors.newFixedThreadPool(
                threads, namedThreads(queue.getName().asString()));
    }

    private static ThreadFactory namedThreads(String queueName) {
        AtomicInteger number = new AtomicInteger();
        return task -> new Thread(task, "TlsRemoteDelivery-" + queueName + "-" + number.incrementAndGet());
    }

    void start() {
        Flux.from(queue.deQueue())
                .doOnError(e -> LOGGER.error("The queue {} broke off; asking it again", queue.getName(), e))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RECONNECT).maxBackoff(LONGEST_RECONNECT))
                .doOnDiscard(MailQueueItem.class, OutgoingWorker::giveBack)
                .subscribe(dequeuing);
    }

    private final class Dequeuing extends BaseSubscriber<MailQueueItem> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(threads);
        }

        @Override
        protected void hookOnNext(MailQueueItem item) {
            try {
                executor.execute(() -> deliver(item));
            } catch (RejectedExecutionException closing) {
                giveBack(item);
            }
        }

        private void deliver(MailQueueItem item) {
            try {
                delivery.accept(item);
            } finally {
                request(1);
            }
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

    /** Takes no further item and waits for those in delivery, for a bounded time. */
    @Override
    public void close() {
        dequeuing.cancel();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.warn("Deliveries from the queue {} go on after {}", queue.getName(), GRACE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
