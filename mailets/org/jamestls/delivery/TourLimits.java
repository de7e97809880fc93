package org.jamestls.delivery;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jamestls.policy.InvalidValueException;

/**
 * How far one attempt at a mail goes: whoever writes the MX records of a domain decides neither about our time nor about
 * our memory.
 *
 * @param mailHosts the most mail hosts that are looked up and tried; at least 1
 * @param addresses the most addresses that are tried, those of all mail hosts together; at least 1
 * @param time after so long no further mail host or address is begun
 */
record TourLimits(int mailHosts, int addresses, Duration time) {

    static final String MAIL_HOST_LIMIT = "mailHostLimit";
    static final String ADDRESS_LIMIT = "addressLimit";

    static final int DEFAULT_MAIL_HOSTS = 20;
    static final int MOST_MAIL_HOSTS = 1000;
    static final int DEFAULT_ADDRESSES = 50;

    /** An attempt has the time that so many hosts take which let one wait run out. */
    static final int WAITS = 10;

    TourLimits {
        if (mailHosts < 1 || addresses < 1) {
            throw new InvalidValueException("an attempt tries at least one address of one mail host");
        }
    }

    /**
     * @param timeout the longest wait for a reply
     * @param connectionTimeout the longest wait for a connection
     */
    static TourLimits of(int mailHosts, int addresses, Duration timeout, Duration connectionTimeout) {
        Duration longer = Collections.max(List.of(timeout, connectionTimeout));
        return new TourLimits(mailHosts, addresses, longer.multipliedBy(WAITS));
    }
}
