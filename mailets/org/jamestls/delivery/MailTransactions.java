package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.smtp.Envelope;
import org.jamestls.smtp.EnvelopeAddress;
import org.jamestls.smtp.MessageContent;
import org.jamestls.smtp.SendTo;
import org.jamestls.smtp.SmtpConnection;
import org.jamestls.smtp.SmtpFailure;
import org.jamestls.smtp.SmtpReply;
import org.jamestls.smtp.TransactionOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recipients of one mail at one domain, and what transaction after transaction makes of each. For one thread. */
final class MailTransactions {

    private static final Logger LOGGER = LoggerFactory.getLogger(MailTransactions.class);

    private final Mail mail;
    private final MailetContext context;
    private final SendTo sendTo;
    private final Map<EnvelopeAddress, List<MailAddress>> pending = new LinkedHashMap<>();
    private final Set<MailAddress> delivered = new LinkedHashSet<>();
    private final List<Acceptance> acceptances = new ArrayList<>();
    private final Map<MailAddress, DeliveryFailure> settled = new LinkedHashMap<>();
    private final Map<MailAddress, DeliveryFailure> lastFailures = new LinkedHashMap<>();
    private final Set<EnvelopeAddress> leftForAnother = new LinkedHashSet<>();
    private UnaryOperator<String> publicly = UnaryOperator.identity();
    private boolean outcomeUnknown;
    private boolean heldBack;
    private boolean sent;

    MailTransactions(
            Mail mail, RecipientDomain domain, List<MailAddress> recipients, MailetContext context, SendTo sendTo) {
        this.mail = mail;
        this.context = context;
        this.sendTo = sendTo;
        for (MailAddress recipient : recipients) {
            try {
                EnvelopeAddress address = new EnvelopeAddress(recipient.getLocalPart(), domain.text());
                pending.computeIfAbsent(address, any -> new ArrayList<>()).add(recipient);
            } catch (InvalidValueException e) {
                // RFC 3463 §3.2: X.1.3 bad destination mailbox address syntax
                settled.put(recipient, DeliveryFailure.permanent("5.1.3", e.getMessage()));
            }
        }
    }

    /** Whether recipients are left that another mail host may take. */
    boolean open() {
        return !pending.isEmpty() && !outcomeUnknown && !heldBack;
    }

    /** Whether the host asked last may have taken the mail although it did not say so. */
    boolean inDoubt() {
        return outcomeUnknown;
    }

    /** Whether nothing of the mail has been sent to any host. */
    boolean untouched() {
        return !sent;
    }

    /**
     * Whether the transaction just ended took some recipients and left others, of whom the host says nothing else than that
     * there were too many: {@link #send} then goes to those alone.
     */
    boolean anotherFollows() {
        return open() && !leftForAnother.isEmpty();
    }

    /** From here on the mail goes to all who have not got it, since another host is asked. */
    void turnToAll() {
        leftForAnother.clear();
    }

    private Map<EnvelopeAddress, List<MailAddress>> addressed() {
        if (leftForAnother.isEmpty()) {
            return pending;
        }
        Map<EnvelopeAddress, List<MailAddress>> left = new LinkedHashMap<>(pending);
        left.keySet().retainAll(leftForAnother);
        return left;
    }

    /**
     * Sends the mail to those who have not got it yet.
     *
     * @param publicly makes what the host says fit for the sender's eyes
     * @return false when the connection had ended before, so that the mail has to go over a fresh one
     */
    boolean send(SmtpConnection connection, UnaryOperator<String> publicly) {
        this.publicly = publicly;
        Envelope envelope;
        try {
            envelope = MailEnvelope.of(mail, addressed());
        } catch (InvalidValueException e) {
            // RFC 3463 §3.2: X.1.7 bad sender's mailbox address syntax
            settle(List.copyOf(pending.keySet()), DeliveryFailure.permanent("5.1.7", e.getMessage()));
            return true;
        }
        MessageContent message;
        try {
            message = MimeContent.of(mail, connection.capabilities(), context);
        } catch (UnconvertibleException e) {
            // RFC 3463 §3.7: X.6.3 conversion required but not supported
            postpone(List.copyOf(pending.keySet()), DeliveryFailure.permanent("5.6.3", e.getMessage()));
            return true;
        }
        return send(connection, envelope, new WatchedContent(message));
    }

    private boolean send(SmtpConnection connection, Envelope envelope, WatchedContent content) {
        boolean noted = false;
        try {
            sent = true;
            boolean useful = note(connection, connection.send(envelope, content, sendTo));
            noted = true;
            return useful;
        } finally {
            if (!noted) {
                breakOff(connection, content);
            }
        }
    }

    /** What the host has heard is unknown, so it hears no more; it may have the mail only when that was written whole. */
    private void breakOff(SmtpConnection connection, WatchedContent content) {
        outcomeUnknown = content.writtenWhole();
        connection.abort();
        if (outcomeUnknown) {
            SureLog.warn(
                    LOGGER,
                    "Mail {} may have been taken by {} although it did not say so; it is tried again",
                    mail.getName(),
                    connection.host());
        }
    }

    private boolean note(SmtpConnection connection, TransactionOutcome outcome) {
        if (connection.mayRepeat(outcome)) {
            if (outcome instanceof TransactionOutcome.Failed failed
                    && failed.failure().outcomeUnknown()) {
                SureLog.info(
                        LOGGER,
                        "Mail {} may have been taken by {} although it did not say so; it goes over a fresh connection: {}",
                        mail.getName(),
                        connection.host(),
                        failed.failure().message());
            } else {
                SureLog.info(
                        LOGGER,
                        "Mail {} goes over a fresh connection to {}: that which was open is of no use",
                        mail.getName(),
                        connection.host());
            }
            return false;
        }
        apply(connection, outcome);
        return true;
    }

    private void apply(SmtpConnection connection, TransactionOutcome outcome) {
        if (outcome instanceof TransactionOutcome.Delivered taken) {
            deliver(connection, taken);
        }
        outcome.refused().forEach((address, failure) -> apply(List.of(address), failure));
        leftForAnother.clear();
        if (!outcome.delivered().isEmpty()) {
            outcome.refused().forEach(this::leaveForAnother);
        }
        if (outcome instanceof TransactionOutcome.RecipientsRefused refused
                && !refused.unsent().isEmpty()) {
            holdBack(refused);
        }
        if (outcome instanceof TransactionOutcome.Failed failed) {
            outcomeUnknown = failed.failure().outcomeUnknown();
            if (outcomeUnknown) {
                SureLog.warn(
                        LOGGER,
                        "Mail {} may have been taken by {} although it did not say so; it is tried again: {}",
                        mail.getName(),
                        connection.host(),
                        failed.failure().message());
            }
            apply(failed.unsent(), failed.failure());
        }
    }

    private void leaveForAnother(EnvelopeAddress address, SmtpFailure failure) {
        if (failure.leftForAnotherTransaction()) {
            leftForAnother.add(address);
        }
    }

    /** Nobody gets the mail in an attempt in which somebody was refused for good: not at the next mail host either. */
    private void holdBack(TransactionOutcome.RecipientsRefused outcome) {
        heldBack = outcome.refused().values().stream()
                .anyMatch(failure -> failure.permanent() && !concernsHostAlone(failure));
        // RFC 3463 §3.6: X.5.0 other or undefined protocol status
        postpone(
                outcome.unsent(),
                DeliveryFailure.temporary(
                        "4.5.0",
                        "sendpartial=false sends to all recipients or to none, and the mail host refused another one"));
    }

    /** What this host does not take another one may, so that it is for good only after the last. */
    private static boolean concernsHostAlone(SmtpFailure failure) {
        return failure instanceof SmtpFailure.CannotSend;
    }

    private void apply(Collection<EnvelopeAddress> addresses, SmtpFailure failure) {
        DeliveryFailure reason = new DeliveryFailure(
                failure.permanent(),
                failure.statusCode().toString(),
                failure.reply().map(SmtpReply::code),
                publicly.apply(failure.message()));
        if (failure.permanent() && !concernsHostAlone(failure)) {
            settle(addresses, reason);
        } else {
            postpone(addresses, reason);
        }
    }

    private void postpone(Collection<EnvelopeAddress> addresses, DeliveryFailure failure) {
        addresses.stream()
                .flatMap(address -> pending.getOrDefault(address, List.of()).stream())
                .forEach(recipient -> lastFailures.merge(recipient, failure, MailTransactions::rather));
    }

    /** The later failure, but one that may pass before one that will not: the mail is tried again for its sake. */
    private static DeliveryFailure rather(DeliveryFailure earlier, DeliveryFailure later) {
        return later.permanent() && !earlier.permanent() ? earlier : later;
    }

    private void deliver(SmtpConnection connection, TransactionOutcome.Delivered outcome) {
        Set<MailAddress> takenFor = new LinkedHashSet<>();
        for (EnvelopeAddress address : outcome.delivered()) {
            takenFor.addAll(pending.getOrDefault(address, List.of()));
            delivered.addAll(takenFor);
            pending.remove(address);
        }
        acceptances.add(new Acceptance(takenFor, connection.host(), outcome.reply()));
    }

    private void settle(Collection<EnvelopeAddress> addresses, DeliveryFailure failure) {
        for (EnvelopeAddress address : addresses) {
            pending.getOrDefault(address, List.of()).forEach(recipient -> settled.put(recipient, failure));
            pending.remove(address);
        }
    }

    /** What became of every recipient. */
    AttemptResult result(TourRecord tour) {
        DeliveryFailure unserved = pending.isEmpty() ? DeliveryFailure.INTERNAL_ERROR : UnservedFailure.of(tour);
        boolean lastWord = tour.reachedAll();
        Map<MailAddress, DeliveryFailure> failures = failures(recipient -> {
            DeliveryFailure last = lastFailures.getOrDefault(recipient, unserved);
            return lastWord || !last.permanent() ? last : last.thatMayPass();
        });
        return new AttemptResult(
                tour.domain(),
                Optional.of(tour.decision()),
                delivered,
                failures,
                tour.attempts(),
                tour.untried(),
                tour.doubtful(),
                acceptances);
    }

    /** As {@link #result}, with next to no memory: who has got the mail, who is refused, and that others wait. */
    AttemptResult shortResult(TourRecord tour) {
        return new AttemptResult(
                tour.domain(),
                Optional.of(tour.decision()),
                delivered,
                failures(recipient -> DeliveryFailure.INTERNAL_ERROR),
                List.of());
    }

    private Map<MailAddress, DeliveryFailure> failures(Function<MailAddress, DeliveryFailure> ofPending) {
        Map<MailAddress, DeliveryFailure> failures = new LinkedHashMap<>(settled);
        pending.values()
                .forEach(
                        together -> together.forEach(recipient -> failures.put(recipient, ofPending.apply(recipient))));
        failures.keySet().removeAll(delivered);
        return failures;
    }
}
