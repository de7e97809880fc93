package org.jamestls.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.metrics.api.Metric;
import org.apache.james.queue.api.MailQueue;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a mail after one attempt: success, a retry, or a bounce, each for the recipients it concerns. */
final class Settlement {

    private static final Logger LOGGER = LoggerFactory.getLogger(Settlement.class);

    private final MailQueue queue;
    private final RetrySchedule retries;
    private final boolean usePriority;
    private final Optional<String> onSuccess;
    private final MailetContext context;
    private final Bouncer bouncer;
    private final Metric outgoingMails;
    private final Clock clock;

    Settlement(
            MailQueue queue,
            RetrySchedule retries,
            boolean usePriority,
            Optional<String> onSuccess,
            MailetContext context,
            Bouncer bouncer,
            Metric outgoingMails,
            Clock clock) {
        this.queue = queue;
        this.retries = retries;
        this.usePriority = usePriority;
        this.onSuccess = onSuccess;
        this.context = context;
        this.bouncer = bouncer;
        this.outgoingMails = outgoingMails;
        this.clock = clock;
    }

    /**
     * Settles every recipient of an attempt. One step that fails does not keep the others from being taken.
     *
     * @return the recipients that remain unsettled, because the queue or James did not take what was handed over
     */
    Set<MailAddress> settle(Mail mail, AttemptResult result) {
        DeliveryAttributes.setAttempt(mail, result);
        Optional<Duration> delay = retries.delayAfter(DeliveryAttributes.retries(mail));
        Map<MailAddress, DeliveryFailure> postponed = new LinkedHashMap<>(result.failures());
        postponed.values().removeIf(failure -> failure.permanent() || delay.isEmpty());
        Map<MailAddress, DeliveryFailure> givenUp = new LinkedHashMap<>(result.failures());
        givenUp.keySet().removeAll(postponed.keySet());

        Set<MailAddress> unsettled = new LinkedHashSet<>();
        unsettled.addAll(step(mail, postponed.keySet(), later -> retry(later, postponed, delay.orElseThrow())));
        for (Map<MailAddress, DeliveryFailure> together : bouncer.toldTogether(givenUp)) {
            unsettled.addAll(step(mail, together.keySet(), undelivered -> giveUp(undelivered, result, together)));
        }
        if (!result.delivered().isEmpty()) {
            succeed(mail, result.delivered());
        }
        return unsettled;
    }

    private void retry(Mail mail, Map<MailAddress, DeliveryFailure> postponed, Duration delay)
            throws MessagingException {
        DeliveryAttributes.setFailure(mail, first(postponed));
        DeliveryAttributes.setRetries(mail, DeliveryAttributes.retries(mail) + 1);
        mail.setState(Mail.ERROR);
        mail.setLastUpdated(Date.from(clock.instant()));
        if (usePriority) {
            QueuePriority.lower(mail);
        }
        LOGGER.info("Mail {} is tried again in {} for {}", mail.getName(), delay, postponed.keySet());
        queue.enQueue(mail, delay);
    }

    private void giveUp(Mail mail, AttemptResult result, Map<MailAddress, DeliveryFailure> givenUp)
            throws MessagingException {
        DeliveryAttributes.setFailure(mail, first(givenUp));
        DeliveryAttributes.setRetries(mail, DeliveryAttributes.retries(mail));
        LOGGER.info("Mail {} is given up for {}: {}", mail.getName(), givenUp.keySet(), BounceText.summary(givenUp));
        bouncer.bounce(mail, result, givenUp);
    }

    private void succeed(Mail mail, Set<MailAddress> delivered) {
        outgoingMails.increment();
        LOGGER.info("Mail {} is delivered to {}", mail.getName(), delivered);
        onSuccess.ifPresent(processor -> step(mail, delivered, copy -> {
            DeliveryAttributes.removeFailure(copy);
            tell(copy, processor);
        }));
    }

    private void tell(Mail mail, String processor) {
        try {
            context.sendMail(mail, processor);
        } catch (MessagingException | RuntimeException e) {
            LOGGER.error("Mail {} is delivered, but processor {} did not take it", mail.getName(), processor, e);
        }
    }

    private static DeliveryFailure first(Map<MailAddress, DeliveryFailure> failures) {
        return failures.values().iterator().next();
    }

    private interface Step {
        void apply(Mail mail) throws MessagingException;
    }

    /**
     * Applies a step to a copy of the mail, so that one step's recipients and attributes are not the next one's.
     *
     * @return the recipients when the step failed, else none
     */
    private static Set<MailAddress> step(Mail mail, Set<MailAddress> recipients, Step step) {
        if (recipients.isEmpty()) {
            return Set.of();
        }
        Mail copy = null;
        try {
            copy = mail.duplicate();
            copy.setName(mail.getName());
            copy.setState(mail.getState());
            copy.setRecipients(recipients);
            step.apply(copy);
            return Set.of();
        } catch (MessagingException | RuntimeException e) {
            LOGGER.error("Mail {} cannot be settled for {}", mail.getName(), recipients, e);
            return recipients;
        } finally {
            LifecycleUtil.dispose(copy);
        }
    }
}
