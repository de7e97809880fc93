package org.jamestls.james;

import com.google.inject.Guice;
import com.google.inject.Injector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamestls.TlsRemoteDelivery;

/**
 * Our mailet on one of James's queues, without the mailet container around it: it can be destroyed, and another be made on
 * the same queue. What is given up goes to the processor {@value #BOUNCES}.
 */
public final class MailetOnQueue implements AutoCloseable {

    private static final String BOUNCES = "bounces";

    private final FakeMailContext context = FakeMailContext.defaultContext();
    private final Map<String, String> parameters;
    private final Injector injector;
    private final TestQueues queues;
    private Mailet mailet;

    /** Opens queues of the stage's kind; {@link #init} makes the mailet. */
    public MailetOnQueue(Stage stage, Map<String, String> parameters) throws Exception {
        queues = stage.openQueues();
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

    /** Destroys it without the time that deliveries under way have otherwise. */
    public void destroyAtOnce() {
        Thread.currentThread().interrupt();
        mailet.destroy();
        Thread.interrupted();
    }

    public void service(Mail mail) throws MessagingException {
        mailet.service(mail);
    }

    /** How many mails are queued or in delivery. */
    public long size() {
        return queues.size(MailetContainer.OUTGOING);
    }

    /** The mails that are queued and not in delivery. */
    public List<Mail> queued() {
        return queues.waiting(MailetContainer.OUTGOING);
    }

    /** The queues under the mailet, which outlive it. */
    public TestQueues queues() {
        return queues;
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
