package org.jamestls.delivery;

import org.slf4j.Logger;

/**
 * What start-up says about a parameter of RemoteDelivery that is accepted and does nothing here, or something else than
 * in RemoteDelivery.
 *
 * @param warning whether less happens than its writer may count on
 * @param text the parameter, and what becomes of it
 */
public record StartUpNotice(boolean warning, String text) {

    static StartUpNotice withoutEffect(String parameter, String reason) {
        return new StartUpNotice(false, parameter + " has no effect: " + reason);
    }

    static StartUpNotice caution(String text) {
        return new StartUpNotice(true, text);
    }

    /** Writes the notice, at WARN or INFO. */
    public void writeTo(Logger log) {
        if (warning) {
            log.warn("{}", text);
        } else {
            log.info("{}", text);
        }
    }
}
