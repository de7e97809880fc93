package org.jamestls.delivery;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.james.util.DurationParser;
import org.apache.mailet.MailetConfig;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;

/** The parameters of one mailet, read strictly: a value that does not parse is an error, never a default. */
final class Parameters {

    private final MailetConfig config;

    Parameters(MailetConfig config) {
        this.config = config;
    }

    List<String> names() {
        return ImmutableList.copyOf(config.getInitParameterNames());
    }

    Optional<String> text(String name) throws InvalidParameterException {
        String value = config.getInitParameter(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value.isBlank()) {
            throw new InvalidParameterException(name + " is empty; write a value or leave the parameter out");
        }
        return Optional.of(value.strip());
    }

    /** The value of a parameter that has an older spelling; giving both is an error unless they agree. */
    Optional<String> text(String name, String otherSpelling) throws InvalidParameterException {
        Optional<String> value = text(name);
        Optional<String> other = text(otherSpelling);
        if (value.isPresent() && other.isPresent() && !value.equals(other)) {
            throw new InvalidParameterException(name + " and " + otherSpelling + " differ; write one of them");
        }
        return value.or(() -> other);
    }

    /** A parameter's value through a parser that throws {@link InvalidValueException}. */
    <T> Optional<T> parsed(String name, Function<String, T> parser) throws InvalidParameterException {
        Optional<String> text = text(name);
        return text.isEmpty() ? Optional.empty() : Optional.of(parse(name, text.get(), parser));
    }

    /** A parameter that is {@code true} or {@code false}, in any case of letters, as James reads it. */
    Optional<Boolean> flag(String name) throws InvalidParameterException {
        return parsed(name, Parameters::trueOrFalse);
    }

    static boolean trueOrFalse(String text) {
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw new InvalidValueException("'" + PeerText.clean(text) + "' is not a value; write true or false");
    }

    static <T> T parse(String name, String text, Function<String, T> parser) throws InvalidParameterException {
        try {
            return parser.apply(text);
        } catch (InvalidValueException e) {
            throw new InvalidParameterException(name + ": " + e.getMessage());
        }
    }

    static int wholeNumber(String text, int min, int max) {
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, with the numbers that are outside the range
        }
        throw new InvalidValueException(
                "'" + PeerText.clean(text) + "' is not a whole number from " + min + " to " + max);
    }

    static Duration milliseconds(String text) {
        return Duration.ofMillis(wholeNumber(text, 1, Integer.MAX_VALUE));
    }

    /** A time with its unit, such as {@code 10 seconds}; without unit it is in milliseconds. */
    static Duration duration(String text) {
        try {
            Duration duration = DurationParser.parse(text, ChronoUnit.MILLIS);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // refused below, with those that are negative
        }
        throw new InvalidValueException("'" + PeerText.clean(text) + "' is not a time; write one such as 10 seconds");
    }

    static <E extends Enum<E>> E choice(String text, Class<E> type) {
        List<String> values = List.of(type.getEnumConstants()).stream()
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        int index = values.indexOf(text);
        if (index < 0) {
            throw new InvalidValueException(
                    "'" + PeerText.clean(text) + "' is not a value; write " + String.join(" or ", values));
        }
        return type.getEnumConstants()[index];
    }
}
