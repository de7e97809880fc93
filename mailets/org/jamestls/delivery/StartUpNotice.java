package org.jamestls.delivery;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What start-up says about a setting that does nothing here, or something else than its writer may count on.
 *
 * @param warning whether less happens than its writer may count on
 * @param text the setting, and what becomes of it
 */
public record StartUpNotice(boolean warning, String text) {

    /** The logger above those of all our classes. */
    private static final String LOGGER_OF_ALL = "org.jamestls";

    static StartUpNotice withoutEffect(String parameter, String reason) {
        return new StartUpNotice(false, parameter + " has no effect: " + reason);
    }

    static StartUpNotice caution(String text) {
        return new StartUpNotice(true, text);
    }

    /** Of a logging configuration that leaves out what README promises; James's own does. */
    public static Optional<StartUpNotice> ofSilence() {
        return LoggerFactory.getLogger(LOGGER_OF_ALL).isInfoEnabled()
                ? Optional.empty()
                : Optional.of(
                        caution("the log leaves out connection attempts, retries and deliveries; write <logger name=\""
                                + LOGGER_OF_ALL + "\" level=\"INFO\"/> into conf/logback.xml"));
    }

    /** Writes the notice, at WARN or INFO. */
    public void writeTo(Logger log) {
        if (warning) {
            SureLog.warn(log, text);
        } else {
            SureLog.info(log, text);
        }
    }
}
