package org.jamestls.james;

import com.google.inject.Guice;
import com.google.inject.Injector;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueIterator;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamestls.TlsRemoteDelivery;

/**
 * Our mailet on James's memory queue, without the mailet container around it: it can be destroyed, and another be made on
 * the same queue. What is given up goes to the processor {@value #BOUNCES}.
 */
public final class MailetOnQueue implements AutoCloseable {

    private static final String BOUNCES = "bounces";

    private final FakeMailContext context = FakeMailContext.defaultContext();
    private final Map<String, String> parameters;
    private final Injector injector;
    private final ManageableMailQueue queue;
    private Mailet mailet;

    /** Makes the queue; {@link #init} makes the mailet. */
    public MailetOnQueue(Stage stage, Map<String, String> parameters) {
        this.parameters = new HashMap<>(Map.of(
                "policy",
                "file://" + stage.directory().resolve("conf/tls-enforcement.xml"),
                "trustedRoots",
                "file://" + stage.directory().resolve("conf/roots.pem"),
                "smtpPort",
                String.valueOf(stage.port()),
                "bounceProcessor",
                BOUNCES));
        this.parameters.putAll(parameters);
        MemoryMailQueueFactory queues =
                new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory(), Clock.systemUTC());
        // of our own, since the memory queue forgets everything when the last who holds it closes it
        queue = queues.createQueue(MailQueueName.of(MailetContainer.OUTGOING));
        injector = Guice.createInjector(new JamesStandIn(stage.dns, queues));
    }

    /** Makes a mailet, which begins to deliver what is queued. */
    public void init() throws MessagingException {
        FakeMailetConfig.Builder config =
                FakeMailetConfig.builder().mailetName("delivery").mailetContext(context);
        parameters.forEach(config::setProperty);
        mailet = injector.getInstance(TlsRemoteDelivery.class);
        mailet.init(config.build());
    }

    public void destroy() {
        mailet.destroy();
    }

    public void service(Mail mail) throws MessagingException {
        mailet.service(mail);
    }

    /** How many mails are queued or in delivery. */
    public long size() {
        try {
            return queue.getSize();
        } catch (MailQueueException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The mails that are queued and not in delivery. */
    public List<Mail> queued() {
        try {
            MailQueueIterator items = queue.browse();
            List<Mail> mails = new ArrayList<>();
            items.forEachRemaining(item -> mails.add(item.getMail()));
            items.close();
            return mails;
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was given up. */
    public List<FakeMailContext.SentMail> bounced() {
        return context.getSentMails().stream()
                .filter(mail -> mail.getState().equals(BOUNCES))
                .toList();
    }

    @Override
    public void close() {
        mailet.destroy();
    }
}
