package org.jamestls.smtp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An enhanced status code (RFC 3463 §2).
 *
 * @param kind 2 success, 4 temporary, 5 permanent
 * @param subject what it is about, 0 to 999
 * @param detail what happened, 0 to 999
 */
public record EnhancedStatusCode(int kind, int subject, int detail) {

    // RFC 2034 §4: at the start of a reply's text, followed by a space
    private static final Pattern AT_START =
            Pattern.compile("([245])\\.([0-9]{1,3})\\.([0-9]{1,3})(?: .*)?", Pattern.DOTALL);

    /** The code that a reply's text begins with; empty when there is none. */
    static Optional<EnhancedStatusCode> findAtStart(String text) {
        Matcher matcher = AT_START.matcher(text);
        return matcher.matches()
                ? Optional.of(new EnhancedStatusCode(number(matcher, 1), number(matcher, 2), number(matcher, 3)))
                : Optional.empty();
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /**
     * Reads a code such as {@code 4.7.5}.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static EnhancedStatusCode parse(String text) {
        return findAtStart(text)
                .filter(code -> code.toString().equals(text))
                .orElseThrow(() -> new IllegalArgumentException(text + " is not an enhanced status code"));
    }

    /** The same in the class of what may pass. */
    EnhancedStatusCode temporary() {
        return new EnhancedStatusCode(4, subject, detail);
    }

    @Override
    public String toString() {
        return kind + "." + subject + "." + detail;
    }
}
