package org.jamestls.mailetcontainer;

/** How many of certain recipients a matcher matches, as far as its configuration tells. */
enum Coverage {
    ALL,
    SOME,
    NONE;

    Coverage not() {
        return switch (this) {
            case ALL -> NONE;
            case SOME -> SOME;
            case NONE -> ALL;
        };
    }

    Coverage or(Coverage other) {
        return not().and(other.not()).not();
    }

    Coverage and(Coverage other) {
        if (this == NONE || other == NONE) {
            return NONE;
        }
        return this == ALL && other == ALL ? ALL : SOME;
    }

    Coverage xor(Coverage other) {
        return or(other).and(and(other).not());
    }
}
