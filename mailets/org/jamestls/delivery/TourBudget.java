package org.jamestls.delivery;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What is left of the limits of one tour, which begins now. For one thread. */
final class TourBudget {

    private final TourLimits limits;
    private final InstantSource clock;
    private final Instant end;
    private int mailHosts;
    private int addresses;

    TourBudget(TourLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
        this.end = clock.instant().plus(limits.time());
    }

    /** A mail host is looked up. */
    void spendMailHost() {
        mailHosts++;
    }

    /** An address is tried, or left alone because it failed a short while ago. */
    void spendAddress() {
        addresses++;
    }

    /** The limit that lets no further mail host be tried; empty while one may be. */
    Optional<String> noMailHost() {
        return mailHosts < limits.mailHosts()
                ? noAddress()
                : Optional.of(TourLimits.MAIL_HOST_LIMIT + " is " + limits.mailHosts());
    }

    /** The limit that lets no further address be tried; empty while one may be. */
    Optional<String> noAddress() {
        if (addresses >= limits.addresses()) {
            return Optional.of(TourLimits.ADDRESS_LIMIT + " is " + limits.addresses());
        }
        return inTime()
                ? Optional.empty()
                : Optional.of("the attempt had taken " + limits.time().toMillis() + " ms");
    }

    /** Whether the attempt may go on at the address that it has come to. */
    boolean inTime() {
        return clock.instant().isBefore(end);
    }
}
