package org.jamestls.delivery;

import java.util.OptionalInt;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.jamestls.smtp.Envelope;

/**
 * The priority that a mail's sender asked for, as mail hosts understand it (RFC 6710). James keeps it on a scale of its
 * own: from 0 over 5 to 9 in 3.8, from -9 over 0 to 9, which is that of the RFC, in 3.9.
 */
final class MtPriority {

    private MtPriority() {}

    /** The priority; empty where nobody asked for one. */
    static OptionalInt of(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, requested(mail), Integer.class)
                .map(priority -> OptionalInt.of(onScaleOfRfc(priority)))
                .orElseGet(OptionalInt::empty);
    }

    private static AttributeName requested(Mail mail) {
        boolean overwritten = mail.getAttribute(QueuePriority.REQUESTED).isPresent();
        return overwritten ? QueuePriority.REQUESTED : MailPrioritySupport.MAIL_PRIORITY;
    }

    private static int onScaleOfRfc(int priority) {
        int normal = value(MailPrioritySupport.NORMAL_PRIORITY_ATTRIBUTE);
        int farthest = priority < normal
                ? normal - value(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE)
                : value(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE) - normal;
        long distance = Math.min(Math.abs((long) priority - normal), farthest);
        int onScale = Math.round((float) Envelope.HIGHEST_PRIORITY * distance / farthest);
        return priority < normal ? -onScale : onScale;
    }

    // The constants beside these attributes would be those of the James that this was compiled against
    private static int value(Attribute priority) {
        return (Integer) priority.getValue().value();
    }
}
