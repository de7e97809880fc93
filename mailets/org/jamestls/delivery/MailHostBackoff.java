package org.jamestls.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jamestls.smtp.MailHostAddress;

/**
 * Mail hosts that could not be reached, shared by all mails: until a host's pause is over nobody else tries it. The pause
 * doubles with each failure and ends with a success. Safe for use by several threads.
 */
final class MailHostBackoff {

    static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Duration longestPause;
    private final InstantSource clock;
    private final Map<MailHostAddress, Pause> pauses = new ConcurrentHashMap<>();

    /**
     * Why a host is left alone.
     *
     * @param length how long after the failure
     * @param end until when
     * @param reason what the last attempt came to
     */
    record Pause(Duration length, Instant end, String reason) {}

    /**
     * @param shortestRetry the shortest wait of a mail between its attempts: a pause is at most half as long, so that a
     *     retry finds the host either tried again or only just failed
     */
    MailHostBackoff(Duration shortestRetry, InstantSource clock) {
        this.longestPause = Collections.min(List.of(LONGEST_PAUSE, shortestRetry.dividedBy(2)));
        this.clock = clock;
    }

    /** The pause that a host is in; empty when it may be tried. */
    Optional<Pause> pauseOf(MailHostAddress host) {
        return Optional.ofNullable(pauses.get(host))
                .filter(pause -> clock.instant().isBefore(pause.end()));
    }

    /** The host could not be reached. */
    void failed(MailHostAddress host, String reason) {
        Instant now = clock.instant();
        pauses.compute(host, (any, last) -> {
            if (last != null && now.isBefore(last.end())) {
                return last; // others tried at the same time
            }
            Duration length = Collections.min(
                    List.of(last == null ? FIRST_PAUSE : last.length().multipliedBy(2), longestPause));
            return new Pause(length, now.plus(length), reason);
        });
        forgetOldPauses(now);
    }

    /** The host was reached. */
    void succeeded(MailHostAddress host) {
        if (!pauses.isEmpty()) {
            pauses.remove(host);
        }
    }

    private void forgetOldPauses(Instant now) {
        Instant longAgo = now.minus(LONGEST_PAUSE.multipliedBy(2));
        pauses.values().removeIf(pause -> pause.end().isBefore(longAgo));
    }
}
