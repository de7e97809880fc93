package org.jamestls.mailetcontainer;

/**
 * A mail that comes to the beginning of a processor.
 *
 * @param processor the name that it is sent to, which no processor need have
 * @param way how it got there
 * @param guessed whether the way rests on a parameter that James does not define, but whose value names a processor
 */
record Arrival(String processor, Way way, boolean guessed) {

    static Arrival ofEveryMail() {
        return new Arrival(Processors.ROOT, Way.from(Processors.ROOT), false);
    }

    /** A mail that something outside the processors sends to one of them. */
    static Arrival at(String processor, String cause) {
        return new Arrival(processor, Way.from(step(processor, cause)), false);
    }

    Arrival next(String name, String cause) {
        return new Arrival(name, way.then(step(name, cause)), guessed);
    }

    Arrival guess(String name, String cause) {
        return new Arrival(name, way.then(step(name, cause)), true);
    }

    /** The same mail further down in the processor. */
    Arrival past(String mailet) {
        return new Arrival(processor, way.then("past " + mailet), guessed);
    }

    private static String step(String processor, String cause) {
        return processor + " (" + cause + ")";
    }
}
