package org.jamestls.james;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.activemq.ActiveMQPrefetchPolicy;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.region.Queue;
import org.apache.activemq.broker.region.QueueMessageReference;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.Message;
import org.apache.activemq.plugin.StatisticsBrokerPlugin;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.activemq.ActiveMQMailQueueFactory;
import org.apache.james.queue.activemq.metric.ActiveMQMetricCollectorNoop;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.mailet.Mail;

/**
 * James's queues over an embedded ActiveMQ broker, both set up as James sets them up, but for what would show outside the
 * process (no connector, no JMX) and how long the queue waits at a time.
 */
final class ActiveMqQueues implements JamesQueues {

    private static final AtomicInteger BROKERS = new AtomicInteger();
    private static final MailQueueName DEAD_LETTERS = MailQueueName.of("ActiveMQ.DLQ");

    private final Path blobs;
    private Path journal;
    private BrokerService broker;
    private ActiveMQMailQueueFactory factory;
    private StoredMails stored;

    /** Starts a broker on the files in a directory, which is made where there is none. */
    ActiveMqQueues(Path directory) throws Exception {
        blobs = directory.resolve("blob-transfer");
        journal = directory.resolve("KahaDB");
        start();
    }

    private void start() throws Exception {
        KahaDBPersistenceAdapter store = new KahaDBPersistenceAdapter();
        store.setDirectory(journal.toFile());
        broker = new BrokerService();
        Security.removeProvider(
                "BC"); // which the broker's class registers where it is found: our TLS has to do without
        broker.setBrokerName("queues" + BROKERS.incrementAndGet()); // brokers of one process are told apart by it
        broker.setUseJmx(false);
        broker.setPersistent(true);
        broker.setDataDirectoryFile(journal.getParent().toFile());
        broker.setUseShutdownHook(false);
        broker.setSchedulerSupport(false);
        broker.setPersistenceAdapter(store);
        broker.setPlugins(new BrokerPlugin[] {new StatisticsBrokerPlugin()});
        broker.setEnableStatistics(true);
        broker.start();
        broker.waitUntilStarted();

        PromptConnections connections = new PromptConnections(broker.getBrokerName());
        connections.setTrustAllPackages(false);
        connections.setBlobTransferPolicy(BlobFiles.in(blobs));
        ActiveMQPrefetchPolicy oneAtATime = new ActiveMQPrefetchPolicy();
        oneAtATime.setQueuePrefetch(0);
        oneAtATime.setTopicPrefetch(0);
        connections.setPrefetchPolicy(oneAtATime);
        factory = new ActiveMQMailQueueFactory(
                connections,
                new RawMailQueueItemDecoratorFactory(),
                new RecordingMetricFactory(),
                new NoopGaugeRegistry(),
                new ActiveMQMetricCollectorNoop());
        factory.setUseJMX(false);
        stored = new StoredMails(connections);
    }

    private void stop() throws Exception {
        factory.destroy();
        stored.dispose();
        broker.stop();
        broker.waitUntilStopped();
    }

    @Override
    public ActiveMQMailQueueFactory factory() {
        return factory;
    }

    @Override
    public ManageableMailQueue hold(MailQueueName name) {
        return factory.createQueue(name);
    }

    private Queue queue(MailQueueName name) throws Exception {
        return (Queue) broker.getDestination(new ActiveMQQueue(name.asString()));
    }

    @Override
    public long size(MailQueueName name) throws Exception {
        return queue(name).getDestinationStatistics().getMessages().getCount();
    }

    /** From the store, since browsing as James does shows mails in delivery too, and makes the broker load more of them. */
    @Override
    public List<Mail> waiting(MailQueueName name) throws Exception {
        Queue queue = queue(name);
        List<Mail> waiting = new ArrayList<>();
        for (Message message : StoredMails.messages(queue)) {
            QueueMessageReference reference =
                    queue.getMessage(message.getMessageId().toString());
            if (reference != null && reference.getLockOwner() == null && !reference.isAcked()) {
                stored.read(message).ifPresent(waiting::add);
            }
        }
        return waiting;
    }

    @Override
    public List<Mail> deadLetters() throws Exception {
        return waiting(DEAD_LETTERS);
    }

    @Override
    public void restart() throws Exception {
        stop();
        start();
    }

    @Override
    public boolean arePersistent() {
        return true;
    }

    @Override
    public void crash(Runnable kill) throws Exception {
        Path left = Files.createTempDirectory(blobs.getParent(), "left");
        Path journalLeft = Files.createDirectory(left.resolve("KahaDB"));
        Path blobsLeft = Files.createDirectory(left.resolve("blob-transfer"));
        copyMissing(blobs, blobsLeft);
        copyJournal(journalLeft);
        copyMissing(blobs, blobsLeft);
        kill.run();
        stop();
        copyMissing(blobsLeft, blobs);
        journal = journalLeft;
        start();
    }

    /** Without the index, which the broker makes anew: it is not written in step with the journal. */
    private void copyJournal(Path to) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            for (Path file : files.filter(name -> name.getFileName().toString().matches("db-\\d+\\.log"))
                    .toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /** Mails' contents are written once, and there under the same name until their mails are settled. */
    private static void copyMissing(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                try {
                    Files.createLink(copy, file);
                } catch (FileAlreadyExistsException e) {
                    continue;
                }
            }
        }
    }

    @Override
    public void close() throws Exception {
        stop();
    }
}
