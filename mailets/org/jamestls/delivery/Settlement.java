package org.jamestls.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.metrics.api.Metric;
import org.apache.james.queue.api.MailQueue;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is owed to a mail after one attempt: success, a retry, or a bounce, each for the recipients it concerns. */
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
     * What is owed to each recipient after an attempt. Nothing is done yet.
     *
     * @param mail the mail, which has to last until every step is taken
     */
    List<SettlementStep> steps(Mail mail, AttemptResult result) {
        Optional<Duration> delay = retries.delayAfter(DeliveryAttributes.retries(mail));
        Map<MailAddress, DeliveryFailure> postponed = new LinkedHashMap<>(result.failures());
        postponed.values().removeIf(failure -> failure.permanent() || delay.isEmpty());
        Map<MailAddress, DeliveryFailure> givenUp = new LinkedHashMap<>(result.failures());
        givenUp.keySet().removeAll(postponed.keySet());

        List<SettlementStep> steps = new ArrayList<>();
        if (!postponed.isEmpty()) {
            steps.add(SettlementStep.forUndelivered(
                    "queued again",
                    mail,
                    postponed.keySet(),
                    copy -> retry(copy, result, postponed, delay.orElseThrow())));
        }
        for (Map<MailAddress, DeliveryFailure> together : bouncer.toldTogether(givenUp)) {
            steps.add(SettlementStep.forUndelivered(
                    "given up", mail, together.keySet(), copy -> giveUp(copy, result, together)));
        }
        if (onSuccess.isPresent() && !result.delivered().isEmpty()) {
            steps.add(SettlementStep.forDelivered(
                    "handed to processor " + onSuccess.get(),
                    mail,
                    result.delivered(),
                    copy -> succeed(copy, result, onSuccess.get())));
        }
        return steps;
    }

    /** What is owed to recipients whose attempt the server's stop cut short: they wait as they were. */
    SettlementStep asItWas(Mail mail, Set<MailAddress> recipients) {
        return SettlementStep.forUndelivered("queued as it was", mail, recipients, queue::enQueue);
    }

    /**
     * Lets a mail wait in the queue as it is, longer each time.
     *
     * @throws MessagingException when the queue does not take it
     */
    void defer(Mail mail) throws MessagingException {
        queue.enQueue(mail, Deferral.mark(mail, clock.instant()));
    }

    /** Says that a mail is delivered. Never throws. */
    void tellOfSuccess(Mail mail, AttemptResult result) {
        if (result.acceptances().isEmpty()) {
            SureLog.info(LOGGER, "Mail {} is delivered to {}", mail.getName(), result.delivered());
        }
        for (Acceptance taken : result.acceptances()) {
            SureLog.info(
                    LOGGER,
                    "Mail {} is delivered to {}, taken by {} with reply={}",
                    mail.getName(),
                    taken.recipients(),
                    taken.host(),
                    taken.reply());
        }
        try {
            outgoingMails.increment();
        } catch (RuntimeException | Error e) {
            SureLog.error(LOGGER, "A delivered mail is not counted", e);
        }
    }

    private void retry(Mail mail, AttemptResult result, Map<MailAddress, DeliveryFailure> postponed, Duration delay)
            throws MessagingException {
        DeliveryAttributes.setAttempt(mail, result);
        DeliveryAttributes.setFailure(mail, first(postponed));
        DeliveryAttributes.setRetries(mail, DeliveryAttributes.retries(mail) + 1);
        mail.setState(Mail.ERROR);
        mail.setLastUpdated(Date.from(clock.instant()));
        if (usePriority) {
            QueuePriority.lower(mail);
        }
        SureLog.info(
                LOGGER,
                "Mail {} is tried again in {} for {}: {}",
                mail.getName(),
                delay,
                postponed.keySet(),
                BounceText.summary(postponed));
        queue.enQueue(mail, delay);
    }

    private void giveUp(Mail mail, AttemptResult result, Map<MailAddress, DeliveryFailure> givenUp)
            throws MessagingException {
        DeliveryAttributes.setAttempt(mail, result);
        DeliveryAttributes.setFailure(mail, first(givenUp));
        DeliveryAttributes.setRetries(mail, DeliveryAttributes.retries(mail));
        SureLog.warn(
                LOGGER,
                "Mail {} is given up for {}: {}",
                mail.getName(),
                givenUp.keySet(),
                BounceText.summary(givenUp));
        bouncer.bounce(mail, result, givenUp);
    }

    private void succeed(Mail mail, AttemptResult result, String processor) throws MessagingException {
        DeliveryAttributes.setAttempt(mail, result);
        DeliveryAttributes.removeFailure(mail);
        context.sendMail(mail, processor);
    }

    private static DeliveryFailure first(Map<MailAddress, DeliveryFailure> failures) {
        return failures.values().iterator().next();
    }
}
