package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.junit.jupiter.api.Test;

class OutgoingWorkerTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);

    private final MailQueue queue = new MemoryMailQueueFactory(
                    new RawMailQueueItemDecoratorFactory(), Clock.systemUTC())
            .createQueue(MailQueueName.of("outgoing-tls"));

    @Test
    void errorShouldNotTakeAThreadFromTheMailsThatFollow() throws Exception {
        BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
        try (OutgoingWorker testee = new OutgoingWorker(queue, new WorkerLimits(1, 1, 10), AMPLE, item -> {
            if (item.getMail().getName().equals("poison")) {
                throw new StackOverflowError("a message nested without end");
            }
            delivered.add(item.getMail().getName());
        })) {
            testee.start();
            enqueue("poison");
            enqueue("wholesome");

            assertThat(delivered.poll(AMPLE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("wholesome");
        }
    }

    private void enqueue(String name) throws Exception {
        queue.enQueue(MailImpl.builder()
                .name(name)
                .sender("sender@sender.example")
                .addRecipient("a@bank.example")
                .build());
    }
}
