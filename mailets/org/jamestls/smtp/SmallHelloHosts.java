package org.jamestls.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hosts that took a small first TLS message after they had given a large one no answer. They get small ones for the time
 * being, since each large one may cost a whole time-out. Safe for use by several threads.
 */
final class SmallHelloHosts {

    /** How long a host is believed to take no large one. */
    static final Duration VALID = Duration.ofHours(1);

    private static final int MOST = 1000;

    private final InstantSource clock;
    private final Map<MailHostAddress, Instant> ends = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MailHostAddress, Instant> eldest) {
            return size() > MOST;
        }
    };

    SmallHelloHosts(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void add(MailHostAddress host) {
        ends.remove(host); // the order is that of the latest time
        ends.put(host, clock.instant().plus(VALID));
    }

    synchronized boolean contains(MailHostAddress host) {
        Instant end = ends.get(host);
        return end != null && clock.instant().isBefore(end);
    }
}
