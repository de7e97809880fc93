package org.jamestls.policy;

import java.util.Comparator;

/**
 * How much a {@link TlsRequirement} asks for. Between verified connections, the one that fewer certificates satisfy is
 * the stronger.
 *
 * @param level what is asked of the connection
 * @param trustedCommonNames how many names are accepted instead of the mail host's, from 0
 */
public record TlsStrength(Level level, int trustedCommonNames) implements Comparable<TlsStrength> {

    private static final Comparator<TlsStrength> WEAKEST_FIRST = Comparator.comparing(TlsStrength::level)
            .thenComparing(TlsStrength::trustedCommonNames, Comparator.reverseOrder());

    /** From the weakest to the strongest. */
    public enum Level {
        CLEARTEXT,
        OPPORTUNISTIC,
        ENCRYPTED,
        VERIFIED
    }

    @Override
    public int compareTo(TlsStrength other) {
        return WEAKEST_FIRST.compare(this, other);
    }
}
