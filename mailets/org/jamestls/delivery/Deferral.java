package org.jamestls.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;

/**
 * A mail that waits in the queue instead of in memory, since its destination holds its share of the memory already. That is
 * no attempt. The wait doubles each time, from {@link #FIRST} to {@link #LONGEST}.
 */
final class Deferral {

    static final Duration FIRST = Duration.ofSeconds(15);
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** How much earlier than asked a queue that honours delays may hand a mail out. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private static final int MOST_DOUBLINGS = 10;

    /** How often the mail was deferred since its last attempt: Integer. */
    static final AttributeName TIMES = AttributeName.of("tls-enforcement.deferrals");

    /** Until when, in milliseconds since 1970: Long. */
    static final AttributeName UNTIL = AttributeName.of("tls-enforcement.deferredUntil");

    private Deferral() {}

    /** Writes on a mail that it is deferred, and returns for how long. */
    static Duration mark(Mail mail, Instant now) {
        int before = AttributeUtils.getValueAndCastFromMail(mail, TIMES, Integer.class)
                .orElse(0);
        Duration doubled = FIRST.multipliedBy(1L << Math.min(Math.max(0, before), MOST_DOUBLINGS));
        Duration delay = Collections.min(List.of(doubled, LONGEST));
        mail.setAttribute(new Attribute(TIMES, AttributeValue.of(before + 1)));
        mail.setAttribute(new Attribute(UNTIL, AttributeValue.of(now.plus(delay).toEpochMilli())));
        return delay;
    }

    /** Whether the queue handed a mail out before its time: then it ignores delays, as RabbitMQ does in James. */
    static boolean cameEarly(Mail mail, Instant now) {
        Optional<Long> until = AttributeUtils.getValueAndCastFromMail(mail, UNTIL, Long.class);
        return until.isPresent() && now.plus(TOLERANCE).toEpochMilli() < until.get();
    }
}
