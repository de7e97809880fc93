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
 * tells the queue.
 */
final class QueueItemDelivery {

    static final String TRIAL_METRIC = "RemoteDeliveryTrial";

    private static final Logger LOGGER = LoggerFactory.getLogger(QueueItemDelivery.class);

    private final DomainDelivery delivery;
    private final Settlement settlement;
    private final MetricFactory metrics;

    QueueItemDelivery(DomainDelivery delivery, Settlement settlement, MetricFactory metrics) {
        this.delivery = delivery;
        this.settlement = settlement;
        this.metrics = metrics;
    }

    /** Delivers the item. Never throws: what cannot be settled is given back to the queue. */
    void deliver(MailQueueItem item) {
        TimeMetric trial = metrics.timer(TRIAL_METRIC);
        Mail mail = item.getMail();
        try {
            Set<MailAddress> unsettled = MDCBuilder.withMdc(loggingContext(mail), () -> deliver(mail));
            if (unsettled.isEmpty()) {
                item.done(CompletionStatus.SUCCESS);
            } else {
                mail.setRecipients(unsettled);
                item.done(CompletionStatus.RETRY);
            }
        } catch (MailQueueException | RuntimeException e) {
            LOGGER.error("The queue was not told about mail {}", mail.getName(), e);
        } finally {
            trial.stopAndPublish();
            LifecycleUtil.dispose(mail);
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
            return settlement.settle(mail, delivery.attempt(mail, domain, groups.get(domain)));
        }
        Set<MailAddress> unsettled = new LinkedHashSet<>();
        groups.forEach((domain, recipients) -> unsettled.addAll(deliverPart(mail, domain, recipients)));
        return unsettled;
    }

    private Set<MailAddress> deliverPart(Mail mail, RecipientDomain domain, List<MailAddress> recipients) {
        Mail part = null;
        try {
            part = mail.duplicate();
            part.setName(PartName.of(mail.getName(), domain));
            part.setState(mail.getState());
            part.setRecipients(new ArrayList<>(recipients));
            return settlement.settle(part, delivery.attempt(part, domain, recipients));
        } catch (MessagingException e) {
            LOGGER.error("Mail {} cannot be split for {}", mail.getName(), recipients, e);
            return Set.copyOf(recipients);
        } finally {
            LifecycleUtil.dispose(part);
        }
    }
}
