package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.util.MDCBuilder;
import org.apache.mailet.Mail;
import org.jamestls.policy.LogText;
import org.jamestls.policy.RecipientDomain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery of one item of the outgoing queue: its recipients are grouped by domain anew, each group is attempted once,
 * what came of it is settled step by step, and at last the queue is told. Whatever is thrown on the way, {@link Error}s
 * included, each recipient is delivered to, queued again or given up, once. For one thread at a time.
 */
final class ItemDelivery implements Undertaking {

    private static final Logger LOGGER = LoggerFactory.getLogger(ItemDelivery.class);

    /** How often the queue is told that an item is settled; then it will hand the item out again, and is told then. */
    private static final int MOST_TELLINGS = 5;

    private final MailQueueItem item;
    private final Mail mail;
    private final String destination;
    private final ItemDeliveries shared;
    private final List<PartAttempt> parts = new ArrayList<>();
    private List<SettlementStep> steps;
    private int tellings;
    private boolean ended;

    ItemDelivery(MailQueueItem item, ItemDeliveries shared) {
        this.item = item;
        this.mail = item.getMail();
        this.destination = mail.getRecipients().stream()
                .findFirst()
                .map(recipient -> recipient.getDomain().asString())
                .orElse("");
        this.shared = shared;
    }

    @Override
    public MailQueueItem item() {
        return item;
    }

    @Override
    public String destination() {
        return destination;
    }

    @Override
    public boolean deliver() {
        return inLoggingContext(() -> {
            attempt();
            return settleRest();
        });
    }

    @Override
    public synchronized boolean settle() {
        return ended || inLoggingContext(this::settleRest);
    }

    private boolean inLoggingContext(Supplier<Boolean> work) {
        try {
            return MDCBuilder.withMdc(loggingContext(), work);
        } catch (RuntimeException | Error e) {
            SureLog.error(LOGGER, "Mail {} is settled without a logging context", mail.getName(), e);
            return settleRest();
        }
    }

    private MDCBuilder loggingContext() {
        return MDCBuilder.create()
                .addToContext("mail", LogText.printable(mail.getName()))
                .addToContext(
                        "recipients", LogText.printable(mail.getRecipients().toString()))
                .addToContext("sender", LogText.printable(mail.getMaybeSender().asString()));
    }

    private void attempt() {
        try {
            if (shared.settledItems().contains(mail)) {
                steps = List.of();
            } else {
                attemptParts();
            }
        } catch (MessagingException | RuntimeException | Error e) {
            SureLog.error(LOGGER, "The delivery of mail {} broke off", mail.getName(), e);
        }
    }

    private void attemptParts() throws MessagingException {
        parts.addAll(split());
        TimeMetric trial = shared.trial();
        for (PartAttempt part : parts) {
            part.run(shared.delivery(), shared::stopping);
            AttemptResult result = part.result();
            if (!result.delivered().isEmpty()) {
                shared.settlement().tellOfSuccess(part.mail(), result);
            }
        }
        trial.stopAndPublish();
    }

    private List<PartAttempt> split() throws MessagingException {
        Map<RecipientDomain, List<MailAddress>> groups = RecipientGroups.byDomain(mail.getRecipients());
        List<PartAttempt> split = new ArrayList<>();
        for (Map.Entry<RecipientDomain, List<MailAddress>> group : groups.entrySet()) {
            Mail part = groups.size() == 1 ? mail : part(group.getKey(), group.getValue());
            split.add(new PartAttempt(part, group.getKey(), group.getValue()));
        }
        return split;
    }

    private Mail part(RecipientDomain domain, List<MailAddress> recipients) throws MessagingException {
        Mail part = mail.duplicate();
        part.setName(PartName.of(mail.getName(), domain));
        part.setState(mail.getState());
        part.setRecipients(new ArrayList<>(recipients));
        return part;
    }

    private synchronized boolean settleRest() {
        if (ended) {
            return true;
        }
        try {
            if (steps == null && allCutShort()) {
                item.done(CompletionStatus.RETRY);
                end();
                return true;
            }
            if (steps == null) {
                steps = plan();
            }
            boolean allTaken = true;
            for (SettlementStep step : steps) {
                allTaken &= step.take();
            }
            return allTaken && tellQueue();
        } catch (MailQueueException | RuntimeException | Error e) {
            SureLog.error(LOGGER, "Mail {} could not be settled", mail.getName(), e);
            return false;
        }
    }

    /** Whether the server's stop left every recipient as it was, so that the item itself can go back. */
    private boolean allCutShort() {
        int cutShort = parts.stream().mapToInt(part -> part.cutShort().size()).sum();
        return cutShort > 0 && cutShort == mail.getRecipients().size();
    }

    private List<SettlementStep> plan() {
        if (parts.isEmpty() && !mail.getRecipients().isEmpty()) {
            parts.add(new PartAttempt(mail, new RecipientDomain.Unconvertible(destination, ""), mail.getRecipients()));
        }
        List<SettlementStep> plan = new ArrayList<>();
        for (PartAttempt part : parts) {
            plan.addAll(shared.settlement().steps(part.mail(), part.result()));
            if (!part.cutShort().isEmpty()) {
                plan.add(shared.settlement().asItWas(part.mail(), part.cutShort()));
            }
        }
        return plan;
    }

    /** Tells the queue that it need not keep the item any more, or nearly so. */
    private boolean tellQueue() {
        try {
            item.done(CompletionStatus.SUCCESS);
            shared.settledItems().forget(mail);
            end();
            return true;
        } catch (MailQueueException | RuntimeException | Error e) {
            shared.settledItems().remember(mail);
            tellings++;
            SureLog.error(LOGGER, "The queue was not told that mail {} is settled", mail.getName(), e);
        }
        if (tellings == MOST_TELLINGS) {
            end();
        }
        return ended;
    }

    @Override
    public boolean defer() {
        try {
            shared.settlement().defer(mail);
            steps = List.of();
            return true;
        } catch (MessagingException | RuntimeException | Error e) {
            SureLog.warn(LOGGER, "Mail {} goes on waiting in memory", mail.getName(), e);
            return false;
        }
    }

    @Override
    public synchronized void giveBack() {
        try {
            Set<MailAddress> undelivered = undelivered();
            if (undelivered.isEmpty()) {
                item.done(CompletionStatus.SUCCESS);
            } else {
                giveBack(undelivered);
            }
        } catch (MailQueueException | RuntimeException | Error e) {
            SureLog.error(LOGGER, "The queue did not take back {}", mail.getName(), e);
        } finally {
            end();
        }
    }

    /** The recipients who would lose the mail if the queue forgot the item. */
    private Set<MailAddress> undelivered() {
        if (steps == null && parts.isEmpty()) {
            return Set.copyOf(mail.getRecipients());
        }
        return (steps == null ? plan() : steps)
                .stream()
                        .filter(SettlementStep::keepsFromLoss)
                        .flatMap(step -> step.recipients().stream())
                        .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void giveBack(Set<MailAddress> undelivered) throws MailQueueException {
        if (undelivered.size() < mail.getRecipients().size()) {
            SureLog.error(
                    LOGGER,
                    "Mail {} goes back to the queue for {}, since nothing took what was owed to them; a queue that keeps"
                            + " its own copy may hand it out for the others too, who are settled",
                    mail.getName(),
                    undelivered);
            mail.setRecipients(undelivered);
        }
        item.done(CompletionStatus.RETRY);
    }

    private void end() {
        ended = true;
        parts.stream().map(PartAttempt::mail).filter(part -> part != mail).forEach(Disposal::of);
        Disposal.of(mail);
    }
}
