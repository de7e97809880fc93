package org.jamestls.smtp;

import java.time.Duration;
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

    private final HostAnswers answers = new HostAnswers();
    private final AtomicReference<Record> chunking = new AtomicReference<>(Record.UNTRIED);
    private volatile boolean tooSlowForGroups;
    private volatile MailLimit mailLimit = MailLimit.NONE;

    HostAnswers answers() {
        return answers;
    }

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

    /** The host refused a further mail over a connection that had carried so many: it is spared those for an hour. */
    void refusedAfter(int mails) {
        mailLimit = new MailLimit(mails, System.nanoTime());
    }

    /** The host refuses the first mail of a connection just so: their number is not the matter. */
    void refusedTheFirst() {
        mailLimit = MailLimit.NONE;
    }

    /** Whether a connection that has carried so many mails may begin another, as far as is known. */
    boolean allowsAfter(int mails) {
        return mails < mailLimit.mails() || mailLimit.isOld();
    }

    private record MailLimit(int mails, long since) {
        private static final MailLimit NONE = new MailLimit(Integer.MAX_VALUE, 0);

        private boolean isOld() {
            return System.nanoTime() - since > Duration.ofHours(1).toNanos();
        }
    }
}
