package org.jamestls.delivery;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jamestls.policy.LogText;
import org.slf4j.Logger;

/**
 * Log lines that cost nothing but themselves: where one cannot be written, for want of memory or because an appender
 * fails, what was to be done goes on. What is put into a line may be a stranger's, the message of what was thrown included:
 * it is made printable, and has quotes where it is no word. Safe for use by several threads.
 */
public final class SureLog {

    private SureLog() {}

    public static void error(Logger logger, String message, Object... arguments) {
        write(() -> logger.error(message, shown(arguments)));
    }

    public static void warn(Logger logger, String message, Object... arguments) {
        write(() -> logger.warn(message, shown(arguments)));
    }

    public static void info(Logger logger, String message, Object... arguments) {
        if (logger.isInfoEnabled()) {
            write(() -> logger.info(message, shown(arguments)));
        }
    }

    public static void debug(Logger logger, String message, Object... arguments) {
        if (logger.isDebugEnabled()) {
            write(() -> logger.debug(message, shown(arguments)));
        }
    }

    private static Object[] shown(Object... arguments) {
        Object[] shown = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            shown[i] = shown(arguments[i]);
        }
        return shown;
    }

    private static Object shown(Object argument) {
        if (argument instanceof Throwable thrown) {
            return PrintableThrowable.of(thrown);
        }
        if (argument instanceof Collection<?> several) {
            return several.stream()
                    .map(one -> LogText.word(String.valueOf(one)))
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        return argument == null || argument instanceof LogFields ? argument : LogText.word(argument.toString());
    }

    private static void write(Runnable line) {
        try {
            line.run();
        } catch (RuntimeException | Error e) {
            // there is nowhere to say it
            return;
        }
    }
}
