package org.jamestls.delivery;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.smtp.TimeLimits;

/**
 * The parameters {@code timeout}, {@code connectionTimeout}, {@code greetingTimeout} and {@code messageTimeout}.
 *
 * @param limits how long a mail host may take
 * @param notices what start-up says about it
 */
record Timeouts(TimeLimits limits, List<StartUpNotice> notices) {

    static final String GREETING = "greetingTimeout";
    static final String MESSAGE = "messageTimeout";

    private static final Duration USUAL_CONNECTION = Duration.ofMinutes(1);
    private static final Duration USUAL_REPLY = Duration.ofMinutes(3);

    // Deviation: RFC 5321 §4.5.3.2.1 would wait 5 minutes; a host that is there greets at once
    private static final Duration USUAL_GREETING = Duration.ofSeconds(30);

    private static final Duration LONGEST = Duration.ofDays(1);

    Timeouts {
        notices = List.copyOf(notices);
    }

    /**
     * @param timeout what the parameter of this name says, or its property
     * @param connectionTimeout the same for this one
     */
    static Timeouts read(Parameters parameters, Optional<Duration> timeout, Optional<Duration> connectionTimeout)
            throws InvalidParameterException {
        Duration reply = timeout.orElse(USUAL_REPLY);
        Duration greeting = parameters
                .parsed(GREETING, text -> parse(text, "30 seconds"))
                .orElse(Collections.min(List.of(USUAL_GREETING, reply)));
        Duration message = parameters
                .parsed(MESSAGE, text -> parse(text, "10 minutes"))
                .orElse(Collections.max(List.of(TimeLimits.LEAST_FOR_MESSAGE, reply)));
        return new Timeouts(
                new TimeLimits(connectionTimeout.orElse(USUAL_CONNECTION), greeting, reply, message),
                noticesAbout(message));
    }

    private static List<StartUpNotice> noticesAbout(Duration message) {
        Duration least = TimeLimits.LEAST_FOR_MESSAGE;
        return message.compareTo(least) >= 0
                ? List.of()
                : List.of(StartUpNotice.caution(MESSAGE + " is shorter than the " + least.toMinutes()
                        + " minutes that RFC 5321, 4.5.3.2.6, gives a mail host for the reply to a message: a host that"
                        + " takes longer gets the mail again"));
    }

    private static Duration parse(String text, String example) {
        Duration length = Parameters.duration(text);
        if (length.toMillis() < 1 || length.compareTo(LONGEST) > 0) {
            throw new InvalidValueException("write 1 millisecond to 1 day, such as " + example);
        }
        return length;
    }
}
