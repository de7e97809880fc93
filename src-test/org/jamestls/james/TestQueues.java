package org.jamestls.james;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Mail;

/**
 * James's mail queues of one kind, which fail on command and can be restarted. Queues that were asked for before a restart
 * are of no use after it, as in a server that stopped; until then they outlive whoever closes them. Safe for use by several threads, but for restarts.
 */
public final class TestQueues implements MailQueueFactory<ManageableMailQueue>, AutoCloseable {

    private final JamesQueues queues;
    private final Map<MailQueueName, QueueFaults> faults = new ConcurrentHashMap<>();

    TestQueues(JamesQueues queues) {
        this.queues = queues;
    }

    /** What is to go wrong at a queue, such as the outgoing one or {@code spool}. */
    public QueueFaults faults(String queue) {
        return faults(MailQueueName.of(queue));
    }

    private QueueFaults faults(MailQueueName queue) {
        return faults.computeIfAbsent(queue, any -> new QueueFaults());
    }

    /** How many mails wait, are due later, or are in delivery. */
    public long size(String queue) {
        try {
            return queues.size(MailQueueName.of(queue));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The mails that wait or are due later, without those in delivery. */
    public List<Mail> waiting(String queue) {
        try {
            return queues.waiting(MailQueueName.of(queue));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the broker gave up, of whichever queue: ActiveMQ.DLQ. The memory queue gives nothing up. */
    public List<Mail> deadLetters() {
        try {
            return new ArrayList<>(queues.deadLetters());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops as a server that stops, and starts with what is left then: on disk everything, in memory nothing. */
    public void restart() throws Exception {
        queues.restart();
    }

    /**
     * Starts as for another process on the same queues: a broker with its connections anew, on its files. What is in memory
     * stays, as if it could.
     */
    public void reopen() throws Exception {
        if (queues.arePersistent()) {
            queues.restart();
        }
    }

    /**
     * Ends what uses the queues and starts as for another process: with what the files hold at this moment, or what is in
     * memory afterwards.
     */
    public void reopenAfter(Runnable end) throws Exception {
        if (queues.arePersistent()) {
            queues.crash(end);
        } else {
            end.run();
        }
    }

    /**
     * Starts with what the files hold at this moment, as after a server that was killed.
     *
     * @param kill ends what uses the queues; what it does to them is lost
     */
    public void crash(Runnable kill) throws Exception {
        queues.crash(kill);
    }

    @Override
    public Optional<ManageableMailQueue> getQueue(MailQueueName name, PrefetchCount count) {
        return queues.factory().getQueue(name, count).map(queue -> new FaultyQueue(queue, faults(name)));
    }

    @Override
    public ManageableMailQueue createQueue(MailQueueName name, PrefetchCount count) {
        queues.hold(name);
        return new FaultyQueue(queues.factory().createQueue(name, count), faults(name));
    }

    @Override
    public Set<MailQueueName> listCreatedMailQueues() {
        return queues.factory().listCreatedMailQueues();
    }

    @Override
    public void close() {
        try {
            queues.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
