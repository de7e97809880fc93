package org.jamestls.smtp;

/**
 * Whether a host answers connections. While that is not known, or the host was silent the last time, one connection at a
 * time finds out, and what it finds holds for the mails that waited for it: a silent host holds up one connection, not as
 * many as are allowed. Safe for use by several threads.
 */
final class HostAnswers {

    /** What a mail that needs a connection may do. */
    enum Turn {
        /** Open one: the host answers. */
        OPEN,
        /** Open one, and say with {@link HostAnswers#foundOut} when that is done. */
        FIND_OUT,
        /** Wait: another finds out. */
        WAIT
    }

    /**
     * A silence of the host.
     *
     * @param number how many there were up to this one
     * @param failure what it came to
     */
    record Silence(int number, SmtpFailure failure) {}

    private volatile boolean answering;
    private volatile Silence last = new Silence(0, null);
    private boolean findingOut;

    Turn turn() {
        return answering ? Turn.OPEN : turnWhileUnknown();
    }

    private synchronized Turn turnWhileUnknown() {
        if (findingOut) {
            return Turn.WAIT;
        }
        findingOut = true;
        return Turn.FIND_OUT;
    }

    /** The one that was to find out has done so, or will not. */
    synchronized void foundOut() {
        findingOut = false;
    }

    /** A connection came about, or the host said why not. */
    void heard() {
        answering = true;
    }

    /** The host did not answer within its time. */
    synchronized void silent(SmtpFailure failure) {
        answering = false;
        last = new Silence(last.number() + 1, failure);
    }

    Silence lastSilence() {
        return last;
    }
}
