package org.jamestls.smtp;

import java.time.Duration;
import java.util.stream.Stream;
import org.jamestls.policy.InvalidValueException;

/**
 * How long a mail host may take, each from 1 millisecond to 12 days.
 *
 * @param connect until a connection is set up
 * @param greeting until it greets; RFC 5321 §4.5.3.2.1 would give it 5 minutes
 * @param reply for each complete reply but those to the connection and to a message, for the TLS handshake as a whole, and
 *     to take a block of a message
 * @param message for the reply to a message. A host that takes longer gets the mail again, so it should be
 *     {@link #LEAST_FOR_MESSAGE} at least
 */
public record TimeLimits(Duration connect, Duration greeting, Duration reply, Duration message) {

    /** RFC 5321 §4.5.3.2.6: a host may take 10 minutes for the reply to the final dot. */
    public static final Duration LEAST_FOR_MESSAGE = Duration.ofMinutes(10);

    private static final long MOST_MILLIS = Integer.MAX_VALUE / 2;

    /** @throws InvalidValueException when one is outside the range */
    public TimeLimits {
        // Socket takes milliseconds in an int, and zero for no limit
        Stream.of(connect, greeting, reply, message)
                .filter(limit -> limit.toMillis() < 1 || limit.toMillis() > MOST_MILLIS)
                .findFirst()
                .ifPresent(limit -> {
                    throw new InvalidValueException(limit + " is not a time-out; write 1 millisecond to 12 days");
                });
    }

    /** The same for everything. */
    public static TimeLimits all(Duration limit) {
        return new TimeLimits(limit, limit, limit, limit);
    }

    /** The time for the reply at a step. */
    Duration of(SmtpStep step) {
        return switch (step) {
            case CONNECT -> connect;
            case GREETING -> greeting;
            case CONTENT -> message;
            default -> reply;
        };
    }
}
