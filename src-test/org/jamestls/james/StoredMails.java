package org.jamestls.james;

import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.jms.JMSException;
import javax.mail.MessagingException;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.blob.BlobDownloader;
import org.apache.activemq.broker.region.Queue;
import org.apache.activemq.command.ActiveMQBlobMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.activemq.ActiveMQCacheableMailQueue;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.mailet.Mail;

/** Reads the mails that a broker has stored, as James reads those that it is given. */
final class StoredMails extends ActiveMQCacheableMailQueue {

    private final ActiveMQConnectionFactory connections;

    StoredMails(ActiveMQConnectionFactory connections) {
        super(
                connections,
                new RawMailQueueItemDecoratorFactory(),
                MailQueueName.of("read-by-tests"),
                new RecordingMetricFactory(),
                new NoopGaugeRegistry());
        this.connections = connections;
    }

    /** What a queue holds, in delivery or not, in its order. */
    static List<Message> messages(Queue queue) throws Exception {
        List<Message> messages = new ArrayList<>();
        queue.getMessageStore().recover(new MessageRecoveryListener() {
            @Override
            public boolean recoverMessage(Message message) {
                return messages.add(message);
            }

            @Override
            public boolean recoverMessageReference(MessageId reference) {
                return true;
            }

            @Override
            public boolean hasSpace() {
                return true;
            }

            @Override
            public boolean isDuplicate(MessageId reference) {
                return false;
            }
        });
        return messages;
    }

    /** A message as a mail; empty when its content is gone, as James drops it then. */
    Optional<Mail> read(Message message) throws MessagingException, JMSException {
        ActiveMQMessage copy = (ActiveMQMessage) message.copy();
        if (copy instanceof ActiveMQBlobMessage blob) {
            blob.setBlobDownloader(new BlobDownloader(connections.getBlobTransferPolicy()));
        }
        try {
            return Optional.of(createMail(copy));
        } catch (MessagingException e) {
            if (e.getCause() instanceof FileNotFoundException) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
