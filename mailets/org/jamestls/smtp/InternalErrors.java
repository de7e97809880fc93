package org.jamestls.smtp;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What no part of a session throws as long as all is well. It ends the connection, not the attempt. */
final class InternalErrors {

    private static final Logger LOGGER = LoggerFactory.getLogger(InternalErrors.class);

    private InternalErrors() {}

    /** The failure that stands for it and says no more than what kind it is, since bounces show it; the log has it whole. */
    static SmtpFailure at(SmtpStep step, MailHostAddress host, Throwable thrown, boolean outcomeUnknown) {
        LOGGER.error("Internal error at {} of a connection to {}, which is closed", step, host, thrown);
        return new SmtpFailure.InternalError(step, thrown.getClass().getSimpleName(), outcomeUnknown);
    }
}
