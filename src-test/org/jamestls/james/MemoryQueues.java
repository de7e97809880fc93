package org.jamestls.james;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueIterator;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.mailet.Mail;

/** James's queues in memory: nothing is left of them after a restart. */
final class MemoryQueues implements JamesQueues {

    private final Map<MailQueueName, ManageableMailQueue> held = new ConcurrentHashMap<>();
    private MemoryMailQueueFactory factory = empty();

    private static MemoryMailQueueFactory empty() {
        return new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory(), Clock.systemUTC());
    }

    @Override
    public MemoryMailQueueFactory factory() {
        return factory;
    }

    @Override
    public ManageableMailQueue hold(MailQueueName name) {
        return held.computeIfAbsent(name, factory::createQueue);
    }

    @Override
    public long size(MailQueueName name) throws Exception {
        return hold(name).getSize();
    }

    @Override
    public List<Mail> waiting(MailQueueName name) throws Exception {
        MailQueueIterator items = hold(name).browse();
        List<Mail> mails = new ArrayList<>();
        items.forEachRemaining(item -> mails.add(item.getMail()));
        items.close();
        return mails;
    }

    @Override
    public List<Mail> deadLetters() {
        return List.of();
    }

    @Override
    public void restart() throws IOException {
        close();
        factory = empty();
    }

    @Override
    public boolean arePersistent() {
        return false;
    }

    @Override
    public void crash(Runnable kill) throws IOException {
        kill.run();
        restart();
    }

    @Override
    public void close() throws IOException {
        for (ManageableMailQueue queue : held.values()) {
            queue.close();
        }
        held.clear();
    }
}
