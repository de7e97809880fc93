package org.jamestls.smtp;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Where mails wait until they may open a connection or get one that was kept. Safe for use by several threads. */
final class WaitingRoom {

    private final InstantSource clock;
    private final Object change = new Object();
    private final AtomicInteger waiting = new AtomicInteger();

    WaitingRoom(InstantSource clock) {
        this.clock = clock;
    }

    /** What a mail may do, as things stand. */
    @FunctionalInterface
    interface Look {
        /** @throws SmtpException when waiting has become pointless */
        HostAnswers.Turn look() throws SmtpException;
    }

    /**
     * Waits as long as a look says so.
     *
     * @param late what is thrown after the deadline
     */
    HostAnswers.Turn await(Look look, Instant deadline, Supplier<SmtpFailure> late) throws SmtpException {
        waiting.incrementAndGet(); // before the first look, so that whoever changes what it sees tells of that
        try {
            synchronized (change) {
                HostAnswers.Turn turn = look.look();
                while (turn == HostAnswers.Turn.WAIT) {
                    awaitChange(deadline, late);
                    turn = look.look();
                }
                return turn;
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    private void awaitChange(Instant deadline, Supplier<SmtpFailure> late) throws SmtpException {
        long left = clock.instant().until(deadline, ChronoUnit.MILLIS);
        if (left <= 0) {
            throw new SmtpException(late.get());
        }
        try {
            change.wait(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SmtpException(late.get(), e);
        }
    }

    /** Has all who wait look again. */
    void tell() {
        if (waiting.get() > 0) {
            synchronized (change) {
                change.notifyAll();
            }
        }
    }
}
