package org.jamestls.smtp;

import java.util.concurrent.atomic.AtomicReference;

/**
 * What one address of a mail host has shown of itself, shared by all connections to it. Safe for use by several threads.
 */
final class KnownHost {

    /** How a message may go to the host by BDAT. */
    enum Chunking {
        /** Not at all. */
        NONE,
        /** After the replies to MAIL and RCPT, and one mail at a time: the host has yet to show that it knows BDAT. */
        ON_TRIAL,
        /** Along with MAIL and RCPT. */
        PROVEN
    }

    private enum Record {
        UNTRIED,
        UNDER_TRIAL,
        PROVEN,
        UNSUITABLE
    }

    private final AtomicReference<Record> chunking = new AtomicReference<>(Record.UNTRIED);
    private volatile boolean tooSlowForGroups;

    /** How the next message may go; a trial lasts until {@link #trialEnds}. */
    Chunking beginChunk() {
        if (chunking.compareAndSet(Record.UNTRIED, Record.UNDER_TRIAL)) {
            return Chunking.ON_TRIAL;
        }
        return chunking.get() == Record.PROVEN ? Chunking.PROVEN : Chunking.NONE;
    }

    /** The next message is as much of a trial, unless one of the other methods has been called. */
    void trialEnds() {
        chunking.compareAndSet(Record.UNDER_TRIAL, Record.UNTRIED);
    }

    /** The host has taken a message by BDAT, and its replies to what followed on the same connection were in step. */
    void knowsChunking() {
        chunking.updateAndGet(known -> known == Record.UNSUITABLE ? known : Record.PROVEN);
    }

    /** No message is to go to the host by BDAT any more. */
    void avoidChunking() {
        chunking.set(Record.UNSUITABLE);
    }

    /** Whether commands are to go one by one, since the host took too long for a group of them. */
    boolean tooSlowForGroups() {
        return tooSlowForGroups;
    }

    void tookTooLongForGroup() {
        tooSlowForGroups = true;
    }
}
