package org.jamestls.delivery;

import java.util.Set;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thing that is owed to some recipients of a mail after an attempt: it is queued again, bounced, or told to be
 * delivered. It is taken once: what the queue or James does not take is tried again, and what they took never is. For one
 * thread at a time.
 */
final class SettlementStep {

    private static final Logger LOGGER = LoggerFactory.getLogger(SettlementStep.class);

    private final String purpose;
    private final Mail mail;
    private final Set<MailAddress> recipients;
    private final boolean undelivered;
    private final Action action;
    private boolean taken;

    /** What is done with a copy of the mail. What cannot be taken back comes last in it. */
    @FunctionalInterface
    interface Action {
        void apply(Mail mail) throws MessagingException;
    }

    private SettlementStep(String purpose, Mail mail, Set<MailAddress> recipients, boolean undelivered, Action action) {
        this.purpose = purpose;
        this.mail = mail;
        this.recipients = recipients;
        this.undelivered = undelivered;
        this.action = action;
    }

    /** A step for recipients who have not got the mail. */
    static SettlementStep forUndelivered(String purpose, Mail mail, Set<MailAddress> recipients, Action action) {
        return new SettlementStep(purpose, mail, recipients, true, action);
    }

    /** A step for recipients who have got it. */
    static SettlementStep forDelivered(String purpose, Mail mail, Set<MailAddress> recipients, Action action) {
        return new SettlementStep(purpose, mail, recipients, false, action);
    }

    Set<MailAddress> recipients() {
        return recipients;
    }

    /** Whether those concerned would lose the mail if the step were never taken. */
    boolean keepsFromLoss() {
        return undelivered && !taken;
    }

    /**
     * Takes the step, unless it has been, on a copy of the mail, so that one step's recipients and attributes are not the
     * next one's. Never throws.
     *
     * @return whether it is taken
     */
    boolean take() {
        if (taken) {
            return true;
        }
        Mail copy = null;
        try {
            copy = mail.duplicate();
            copy.setName(mail.getName());
            copy.setState(mail.getState());
            copy.setRecipients(recipients);
            action.apply(copy);
            taken = true;
        } catch (MessagingException | RuntimeException | Error e) {
            SureLog.error(LOGGER, "Mail {} could not be {} for {}", mail.getName(), purpose, recipients, e);
        } finally {
            Disposal.of(copy);
        }
        return taken;
    }
}
