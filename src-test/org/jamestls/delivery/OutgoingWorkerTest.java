package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.jamestls.james.DeliveryLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingWorkerTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final WorkerLimits ONE_THREAD = new WorkerLimits(1, 1, 10);

    private final ManageableMailQueue queue = new MemoryMailQueueFactory(
                    new RawMailQueueItemDecoratorFactory(), Clock.systemUTC())
            .createQueue(MailQueueName.of("outgoing-tls"));
    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private final CountDownLatch atTheEnd = new CountDownLatch(1);
    private OutgoingWorker testee;

    @BeforeEach
    void setUp() {
        delivered.clear();
    }

    /** James's memory queue does not survive that others close it. */
    @Test
    void queueThatIsClosedByOthersShouldBeToldOnce() throws Exception {
        try (DeliveryLog log = DeliveryLog.record()) {
            start(ONE_THREAD, Delivered::new);
            enqueue("mail1", "bank.example");
            await().until(() -> delivered.contains("mail1"));

            queue.close();

            await().until(() -> log.about("until James restarts").findAny().isPresent());
            await().during(Duration.ofMillis(700))
                    .untilAsserted(() -> assertThat(log.about("ERROR ")).hasSize(1));
        }
    }

    @AfterEach
    void tearDown() {
        atTheEnd.countDown();
        testee.close();
        testee.closeForGood();
    }

    private void start(WorkerLimits limits, Function<MailQueueItem, Undertaking> undertakings) {
        start(limits, undertakings, Thread::new);
    }

    private void start(WorkerLimits limits, Function<MailQueueItem, Undertaking> undertakings, ThreadFactory threads) {
        testee = new OutgoingWorker(queue, limits, AMPLE, InstantSource.system(), undertakings, threads);
        testee.start();
    }

    private void enqueue(String name, String domain) throws Exception {
        queue.enQueue(MailImpl.builder()
                .name(name)
                .sender("sender@sender.example")
                .addRecipient("a@" + domain)
                .build());
    }

    /** Says that its mail is delivered, unless a test does something else. */
    private class Delivered implements Undertaking {
        final MailQueueItem item;

        Delivered(MailQueueItem item) {
            this.item = item;
        }

        String name() {
            return item.getMail().getName();
        }

        @Override
        public MailQueueItem item() {
            return item;
        }

        @Override
        public String destination() {
            return item.getMail().getRecipients().iterator().next().getDomain().asString();
        }

        @Override
        public boolean deliver() {
            delivered.add(name());
            return settle();
        }

        @Override
        public boolean settle() {
            return done(CompletionStatus.SUCCESS);
        }

        @Override
        public boolean defer() {
            try {
                queue.enQueue(item.getMail(), AMPLE);
                return true;
            } catch (MailQueueException e) {
                return false;
            }
        }

        @Override
        public void giveBack() {
            done(CompletionStatus.RETRY);
        }

        private boolean done(CompletionStatus status) {
            try {
                item.done(status);
                return true;
            } catch (MailQueueException e) {
                return false;
            }
        }
    }

    @Test
    void errorShouldNotTakeAThreadFromTheMailsThatFollow() throws Exception {
        start(ONE_THREAD, item -> new Delivered(item) {
            @Override
            public boolean deliver() {
                if (name().equals("poison")) {
                    throw new StackOverflowError("a message nested without end");
                }
                return super.deliver();
            }
        });
        enqueue("poison", "bank.example");
        enqueue("wholesome", "bank.example");

        await().atMost(AMPLE).until(() -> delivered.contains("wholesome"));
        await().atMost(AMPLE).until(() -> queue.getSize() == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void threadsThatCannotBeStartedShouldBeMadeGood(int failures) throws Exception {
        AtomicInteger left = new AtomicInteger(failures);
        start(new WorkerLimits(2, 4, 50), Delivered::new, task -> new Thread(task) {
            @Override
            public void start() {
                if (left.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.start();
            }
        });

        for (int i = 0; i < 20; i++) {
            enqueue("mail" + i, "bank" + i % 3 + ".example");
        }

        await().atMost(AMPLE).until(() -> delivered.size() == 20);
        assertThat(delivered).doesNotHaveDuplicates();
        assertThat(left).hasValueLessThan(0);
    }

    @Test
    void itemForWhichThereIsNoMemoryShouldBeTakenOnLater() throws Exception {
        AtomicInteger left = new AtomicInteger(2);
        start(ONE_THREAD, item -> {
            if (left.getAndDecrement() > 0) {
                throw new OutOfMemoryError("Java heap space");
            }
            return new Delivered(item);
        });
        enqueue("first", "bank.example");
        enqueue("second", "bank.example");

        await().atMost(AMPLE).until(() -> delivered.size() == 2);
        assertThat(delivered).containsExactly("first", "second");
    }

    @Test
    void itemThatCannotBeTakenOnShouldGoBackAndTheOthersBeDelivered() throws Exception {
        AtomicInteger refusals = new AtomicInteger();
        start(ONE_THREAD, item -> {
            if (item.getMail().getName().equals("first") && refusals.getAndIncrement() == 0) {
                throw new IllegalStateException("no undertaking");
            }
            return new Delivered(item);
        });
        enqueue("first", "bank.example");
        enqueue("second", "bank.example");

        await().atMost(AMPLE).until(() -> delivered.size() == 2);
        assertThat(delivered).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void whatIsOwedShouldBeSettledLaterAndNotDeliveredAgain() throws Exception {
        AtomicInteger refusals = new AtomicInteger(2);
        start(ONE_THREAD, item -> new Delivered(item) {
            @Override
            public boolean settle() {
                return refusals.getAndDecrement() <= 0 && super.settle();
            }
        });
        enqueue("owed", "bank.example");

        await().atMost(AMPLE).until(() -> queue.getSize() == 0);
        assertThat(delivered).containsExactly("owed");
    }

    @Test
    void whatIsStillOwedAtTheEndShouldGoBackToTheQueue() throws Exception {
        start(ONE_THREAD, item -> new Delivered(item) {
            @Override
            public boolean settle() {
                return false;
            }
        });
        enqueue("owed", "bank.example");
        await().atMost(AMPLE).until(() -> delivered.size() == 1);

        testee.close();
        testee.closeForGood();

        assertThat(queue.browse()).toIterable().hasSize(1);
    }

    @Test
    void destinationsThatDoNotAnswerShouldLeaveRoomInTheWindow() throws Exception {
        CountDownLatch otherDelivered = new CountDownLatch(1);
        start(new WorkerLimits(1, 8, 10), item -> new Delivered(item) {
            @Override
            public boolean deliver() {
                awaitLatch(destination().equals("other.example") ? new CountDownLatch(0) : atTheEnd);
                boolean settled = super.deliver();
                otherDelivered.countDown();
                return settled;
            }
        });
        for (int i = 0; i < 40; i++) {
            enqueue("slow" + i, "slow" + i % 2 + ".example");
        }
        enqueue("other", "other.example");

        awaitLatch(otherDelivered);
        assertThat(delivered).containsExactly("other");
        // an item on its way from James's memory queue is not counted for a moment
        await("none is lost").atMost(AMPLE).until(() -> queue.getSize() == 40);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(AMPLE.toSeconds() * 3, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
