package org.jamestls.delivery;

import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;

/** A mail that servers hand to each other without end, this one among them. */
final class MailLoop {

    /** As many Received fields as a mail may have. RFC 5321 §6.3: a limit of at least 100. */
    static final int MOST_RECEIVED_FIELDS = 100;

    private MailLoop() {}

    /** Why a mail is sent no further; empty for one that has not come a suspiciously long way. */
    static Optional<DeliveryFailure> suspectedOf(Mail mail) {
        int received = receivedFields(mail);
        return received <= MOST_RECEIVED_FIELDS
                ? Optional.empty()
                // RFC 3463 §3.5: X.4.6 routing loop detected
                : Optional.of(DeliveryFailure.permanent(
                        "5.4.6",
                        "mail loop: the message has " + received + " Received fields, " + MOST_RECEIVED_FIELDS
                                + " at most are let pass"));
    }

    private static int receivedFields(Mail mail) {
        try {
            String[] received = mail.getMessage().getHeader("Received");
            return received == null ? 0 : received.length;
        } catch (MessagingException e) {
            return 0; // a message that cannot be read is not sent either, and its failure is reported there
        }
    }
}
