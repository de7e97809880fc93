package org.jamestls.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.smtp.ClientSettings;

/**
 * The parameter {@code messageTimeout}.
 *
 * @param length the longest wait for the reply to a message
 * @param notices what start-up says about it
 */
record MessageTimeout(Duration length, List<StartUpNotice> notices) {

    private static final String PARAMETER = "messageTimeout";
    private static final Duration LONGEST = Duration.ofDays(1);

    MessageTimeout {
        notices = List.copyOf(notices);
    }

    /** Without the parameter it is 10 minutes, or {@code timeout} where that is longer. */
    static MessageTimeout read(Parameters parameters, Duration timeout) throws InvalidParameterException {
        Optional<Duration> asked = parameters.parsed(PARAMETER, MessageTimeout::parse);
        Duration least = ClientSettings.LEAST_FOR_MESSAGE;
        if (asked.filter(length -> length.compareTo(least) < 0).isPresent()) {
            return new MessageTimeout(
                    asked.get(),
                    List.of(StartUpNotice.caution(PARAMETER + " is shorter than the " + least.toMinutes()
                            + " minutes that RFC 5321, 4.5.3.2.6, gives a mail host for the reply to a message: a host that"
                            + " takes longer gets the mail again")));
        }
        return new MessageTimeout(asked.orElse(timeout.compareTo(least) < 0 ? least : timeout), List.of());
    }

    private static Duration parse(String text) {
        Duration length = Parameters.duration(text);
        if (length.toMillis() < 1 || length.compareTo(LONGEST) > 0) {
            throw new InvalidValueException("write 1 millisecond to 1 day, such as 10 minutes");
        }
        return length;
    }
}
