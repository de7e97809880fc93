package org.jamestls.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Bounds the time that the peer takes to accept what is written: each block has to go within the time-out (RFC 5321
 * §4.5.3.2.5), and a peer that keeps slower than 1 KiB/s uses up one more time-out in all.
 */
final class TimedOutput extends OutputStream {

    private static final long NANOS_PER_OCTET = 1_000_000_000L / 1024;

    private final OutputStream out;
    private final Watchdog.Watch watch;
    private final long timeout;
    private long credit;

    TimedOutput(OutputStream out, Watchdog.Watch watch, Duration timeout) {
        this.out = out;
        this.watch = watch;
        this.timeout = timeout.toNanos();
        this.credit = this.timeout;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        credit = Math.min(timeout, credit + length * NANOS_PER_OCTET);
        long start = System.nanoTime();
        watch.arm(Duration.ofNanos(Math.max(0, credit)));
        try {
            out.write(octets, offset, length);
            out.flush();
        } finally {
            watch.disarm();
            credit -= System.nanoTime() - start;
        }
    }
}
