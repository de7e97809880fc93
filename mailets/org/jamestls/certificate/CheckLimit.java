package org.jamestls.certificate;

import java.time.Duration;

/**
 * What one check of a presented chain may cost, all of its ways to a root together, so that no peer can hold a thread with
 * what it presents. For one check and one thread.
 */
final class CheckLimit {

    static final int MOST_COMPARISONS = 1 << 20;

    /** Shorter than a handshake may take, so that the peer is told, and a verdict that is only reported is not lost. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    private static final int COMPARISONS_BETWEEN_CLOCKS = 1 << 10;

    private final Duration longest;
    private final long began = System.nanoTime();
    private int comparisons;

    CheckLimit() {
        this(LONGEST);
    }

    CheckLimit(Duration longest) {
        this.longest = longest;
    }

    /**
     * Counts one comparison of a name with a constraint, or one name read for that.
     *
     * @throws CheckLimitException when the check has cost too much
     */
    void compare() {
        if (++comparisons > MOST_COMPARISONS) {
            throw new CheckLimitException(
                    "the name constraints ask for more than " + MOST_COMPARISONS + " comparisons of names");
        }
        if (comparisons % COMPARISONS_BETWEEN_CLOCKS == 0) {
            inTime();
        }
    }

    /**
     * Looks at the clock.
     *
     * @throws CheckLimitException when the check has taken too long
     */
    void inTime() {
        if (System.nanoTime() - began > longest.toNanos()) {
            throw new CheckLimitException("they take longer than " + longest.toMillis() + " ms to check");
        }
    }
}
