package org.jamestls.james;

import java.io.IOException;
import java.time.Duration;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Mail;
import org.jamestls.james.QueueFaults.Call;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A queue of James's that fails as it is told to, and its items with it. */
final class FaultyQueue implements ManageableMailQueue {

    private final ManageableMailQueue queue;
    private final QueueFaults faults;

    FaultyQueue(ManageableMailQueue queue, QueueFaults faults) {
        this.queue = queue;
        this.faults = faults;
    }

    @Override
    public void enQueue(Mail mail, Duration delay) throws MailQueueException {
        faults.around(Call.ENQUEUE, () -> queue.enQueue(mail, delay));
    }

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
        faults.around(Call.ENQUEUE, () -> queue.enQueue(mail));
    }

    @Override
    public Publisher<Void> enqueueReactive(Mail mail) {
        return Mono.fromCallable(() -> {
            enQueue(mail);
            return null;
        });
    }

    @Override
    public Publisher<MailQueueItem> deQueue() {
        return Flux.from(queue.deQueue()).map(item -> new FaultyItem(item, faults));
    }

    private record FaultyItem(MailQueueItem item, QueueFaults faults) implements MailQueueItem {
        @Override
        public Mail getMail() {
            return item.getMail();
        }

        @Override
        public void done(CompletionStatus status) throws MailQueueException {
            Call call = status == CompletionStatus.SUCCESS ? Call.DONE : Call.GIVE_BACK;
            faults.around(call, () -> item.done(status));
        }
    }

    @Override
    public MailQueueName getName() {
        return queue.getName();
    }

    @Override
    public long getSize() throws MailQueueException {
        return queue.getSize();
    }

    @Override
    public long flush() throws MailQueueException {
        return queue.flush();
    }

    @Override
    public long clear() throws MailQueueException {
        return queue.clear();
    }

    @Override
    public long remove(Type type, String value) throws MailQueueException {
        return queue.remove(type, value);
    }

    @Override
    public MailQueueIterator browse() throws MailQueueException {
        return queue.browse();
    }

    @Override
    public void close() throws IOException {
        queue.close();
    }
}
