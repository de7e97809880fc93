package org.jamestls.delivery;

import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a mail object, which says nothing about the mail: one that fails changes no outcome. */
final class Disposal {

    private static final Logger LOGGER = LoggerFactory.getLogger(Disposal.class);

    private Disposal() {}

    /** Frees what a mail object holds. Never throws; {@code null} is nothing to free. */
    static void of(Mail mail) {
        try {
            LifecycleUtil.dispose(mail);
        } catch (RuntimeException | Error e) {
            SureLog.warn(LOGGER, "A mail object could not be disposed of", e);
        }
    }
}
