package org.jamestls.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many connections hosts have turned out to take at once: a host that refuses a further one while others are open
 * takes no more than those, for the time being. Safe for use by several threads.
 */
final class LearnedLimits {

    /** How long a host is believed to take no more. */
    static final Duration VALID = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Map<ConnectionKey, Limit> limits = new ConcurrentHashMap<>();

    private record Limit(int connections, Instant end) {}

    LearnedLimits(InstantSource clock) {
        this.clock = clock;
    }

    /** The host refused a further connection beside so many. */
    void refusedBeside(ConnectionKey key, int open) {
        Instant now = clock.instant();
        limits.values().removeIf(limit -> !now.isBefore(limit.end()));
        limits.put(key, new Limit(open, now.plus(VALID)));
    }

    /** Whether the host takes a further connection beside so many, as far as is known. */
    boolean allowsBeside(ConnectionKey key, int open) {
        Limit limit = limits.get(key);
        return limit == null || open < limit.connections() || !clock.instant().isBefore(limit.end());
    }
}
