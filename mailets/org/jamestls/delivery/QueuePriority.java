package org.jamestls.delivery;

import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;

/**
 * The priority of a mail in James's queues, of which {@code usePriority} makes use. What the sender asked for is kept
 * beside it, since it says something to the mail host and the place in our queue does not.
 */
public final class QueuePriority {

    /** The priority that the mail had before it came to the outgoing queue, on James's scale: Integer. */
    static final AttributeName REQUESTED = AttributeName.of("tls-enforcement.requestedPriority");

    private QueuePriority() {}

    /** First attempts go before everything else. */
    public static void raise(Mail mail) {
        if (mail.getAttribute(REQUESTED).isEmpty()) {
            Attribute requested = mail.getAttribute(MailPrioritySupport.MAIL_PRIORITY)
                    .orElse(MailPrioritySupport.NORMAL_PRIORITY_ATTRIBUTE);
            mail.setAttribute(new Attribute(REQUESTED, requested.getValue()));
        }
        mail.setAttribute(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE);
    }

    /** Retries go after everything else. */
    static void lower(Mail mail) {
        mail.setAttribute(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE);
    }
}
