package org.jamestls.policy;

/**
 * How much one thing asks for beside another: a partial order, since each may ask for something that the other does not
 * ask for.
 */
public enum Comparison {
    EQUAL(true, true),
    STRONGER(true, false),
    WEAKER(false, true),
    MIXED(false, false);

    private final boolean atLeast;
    private final boolean atMost;

    Comparison(boolean atLeast, boolean atMost) {
        this.atLeast = atLeast;
        this.atMost = atMost;
    }

    /**
     * The comparison of which this is true.
     *
     * @param atLeast whether the one asks for all that the other asks for
     * @param atMost whether the other asks for all that the one asks for
     */
    static Comparison of(boolean atLeast, boolean atMost) {
        return atLeast ? (atMost ? EQUAL : STRONGER) : (atMost ? WEAKER : MIXED);
    }

    /** The comparison by two settings together: stronger in one and weaker in another is mixed. */
    Comparison and(Comparison other) {
        return of(atLeast && other.atLeast, atMost && other.atMost);
    }

    /** Whether all is asked for that the other asks for. */
    public boolean atLeast() {
        return atLeast;
    }
}
