package org.jamestls.delivery;

import org.slf4j.Logger;

/**
 * Log lines that cost nothing but themselves: where one cannot be written, for want of memory or because an appender
 * fails, what was to be done goes on. For what must not break off between two steps that belong together.
 */
final class SureLog {

    private SureLog() {}

    static void error(Logger logger, String message, Object... arguments) {
        write(() -> logger.error(message, arguments));
    }

    static void warn(Logger logger, String message, Object... arguments) {
        write(() -> logger.warn(message, arguments));
    }

    static void info(Logger logger, String message, Object... arguments) {
        write(() -> logger.info(message, arguments));
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
