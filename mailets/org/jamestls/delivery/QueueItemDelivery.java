package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.util.MDCBuilder;
import org.apache.mailet.Mail;
import org.jamestls.policy.RecipientDomain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers one item of the outgoing queue: groups its recipients by domain anew, attempts and settles each group, and
 * tells the queue. While the server stops, what could not be delivered goes back to the queue as it was.
 */
final class QueueItemDelivery {

    static final String TRIAL_METRIC = "RemoteDeliveryTrial";

    private static final Logger LOGGER = LoggerFactory.getLogger(QueueItemDelivery.class);

    private final DomainDelivery delivery;
    private final Settlement settlement;
    private final MetricFactory metrics;
    private final MailQueue queue;
    private volatile boolean stopping;

    QueueItemDelivery(DomainDelivery delivery, Settlement settlement, MetricFactory metrics, MailQueue queue) {
        this.delivery = delivery;
        this.settlement = settlement;
        this.metrics = metrics;
        this.queue = queue;
    }

    /** From here on a temporary failure is our own doing: it counts as no attempt. */
    void stop() {
        stopping = true;
    }

    /** Delivers the item. Never throws: what cannot be settled is given back to the queue. */
    void deliver(MailQueueItem item) {
        TimeMetric trial = metrics.timer(TRIAL_METRIC);
        Mail mail = item.getMail();
        try {
            Set<MailAddress> unsettled = MDCBuilder.withMdc(loggingContext(mail), () -> deliver(mail));
            item.done(giveBack(mail, unsettled) ? CompletionStatus.RETRY : CompletionStatus.SUCCESS);
        } catch (MailQueueException | RuntimeException e) {
            LOGGER.error("The queue was not told about mail {}", mail.getName(), e);
        } finally {
            trial.stopAndPublish();
            LifecycleUtil.dispose(mail);
        }
    }

    /**
     * Gives recipients back to the queue: all of them with the item itself, some of them in an item of their own, so that
     * no queue hands out the settled ones again.
     *
     * @return whether the queue has to take back the item
     */
    private boolean giveBack(Mail mail, Set<MailAddress> unsettled) {
        if (unsettled.isEmpty() || unsettled.size() == mail.getRecipients().size()) {
            return !unsettled.isEmpty();
        }
        try {
            mail.setRecipients(unsettled);
            queue.enQueue(mail);
            return false;
        } catch (MailQueueException e) {
            LOGGER.error("Mail {} cannot be queued again for {} alone", mail.getName(), unsettled, e);
            return true;
        }
    }

    private static MDCBuilder loggingContext(Mail mail) {
        return MDCBuilder.create()
                .addToContext("mail", mail.getName())
                .addToContext("recipients", mail.getRecipients().toString())
                .addToContext("sender", mail.getMaybeSender().asString());
    }

    private Set<MailAddress> deliver(Mail mail) {
        Map<RecipientDomain, List<MailAddress>> groups = RecipientGroups.byDomain(mail.getRecipients());
        if (groups.size() == 1) {
            RecipientDomain domain = groups.keySet().iterator().next();
            return attempt(mail, domain, groups.get(domain));
        }
        Set<MailAddress> unsettled = new LinkedHashSet<>();
        groups.forEach((domain, recipients) -> unsettled.addAll(deliverPart(mail, domain, recipients)));
        return unsettled;
    }

    private Set<MailAddress> attempt(Mail mail, RecipientDomain domain, List<MailAddress> recipients) {
        AttemptResult result = delivery.attempt(mail, domain, recipients);
        if (!stopping) {
            return settlement.settle(mail, result);
        }
        Set<MailAddress> unsettled = new LinkedHashSet<>(result.temporaryFailures());
        unsettled.addAll(settlement.settle(mail, result.withoutTemporaryFailures()));
        return unsettled;
    }

    private Set<MailAddress> deliverPart(Mail mail, RecipientDomain domain, List<MailAddress> recipients) {
        Mail part = null;
        try {
            part = mail.duplicate();
            part.setName(PartName.of(mail.getName(), domain));
            part.setState(mail.getState());
            part.setRecipients(new ArrayList<>(recipients));
            return attempt(part, domain, recipients);
        } catch (MessagingException e) {
            LOGGER.error("Mail {} cannot be split for {}", mail.getName(), recipients, e);
            return Set.copyOf(recipients);
        } finally {
            LifecycleUtil.dispose(part);
        }
    }
}
