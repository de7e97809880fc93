package org.jamestls.delivery;

import java.util.Optional;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;

/**
 * The priority of a mail in James's queues, of which {@code usePriority} makes use. What the sender asked for is kept
 * beside it, since it says something to the mail host, whatever the place in our queue.
 */
public final class QueuePriority {

    /** The priority that the mail had before it came to the outgoing queue, on James's scale: Integer. */
    static final AttributeName REQUESTED = AttributeName.of("tls-enforcement.requestedPriority");

    private QueuePriority() {}

    /** A mail comes to the queue: with its own priority, or with none where {@code usePriority} is off. */
    public static void admit(Mail mail, boolean usePriority) {
        Optional<Attribute> own =
                mail.getAttribute(REQUESTED).or(() -> mail.getAttribute(MailPrioritySupport.MAIL_PRIORITY));
        mail.removeAttribute(MailPrioritySupport.MAIL_PRIORITY);
        own.ifPresent(priority -> {
            mail.setAttribute(new Attribute(REQUESTED, priority.getValue()));
            if (usePriority) {
                mail.setAttribute(new Attribute(MailPrioritySupport.MAIL_PRIORITY, priority.getValue()));
            }
        });
    }

    /** A mail comes back to the queue: retries go after everything else. */
    static void lower(Mail mail) {
        if (mail.getAttribute(REQUESTED).isEmpty()) {
            Attribute own = mail.getAttribute(MailPrioritySupport.MAIL_PRIORITY)
                    .orElse(MailPrioritySupport.NORMAL_PRIORITY_ATTRIBUTE);
            mail.setAttribute(new Attribute(REQUESTED, own.getValue()));
        }
        mail.setAttribute(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE);
    }
}
