package org.jamestls.bench;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What has arrived at the sink since the last reset, and how many connections are open. Safe for use by several threads. */
final class SinkCounts {

    private final LongAdder messages = new LongAdder();
    private final LongAdder messagesInTheClear = new LongAdder();
    private final LongAdder slowMessages = new LongAdder();
    private final LongAdder recipients = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder open = new LongAdder();
    private final AtomicLong last = new AtomicLong();
    private long cpuAtReset;

    void connection() {
        connections.increment();
        open.increment();
    }

    void connectionEnded() {
        open.decrement();
    }

    void message(Destination destination, boolean inTheClear, int ofRecipients, long ofBytes) {
        if (destination.equals(Destination.SLOW)) {
            slowMessages.increment();
            return;
        }
        if (inTheClear) {
            messagesInTheClear.increment();
        }
        recipients.add(ofRecipients);
        bytes.add(ofBytes);
        last.accumulateAndGet(now(), Math::max);
        messages.increment();
    }

    Figures reset() {
        messages.reset();
        messagesInTheClear.reset();
        slowMessages.reset();
        recipients.reset();
        bytes.reset();
        connections.reset();
        last.set(0);
        cpuAtReset = cpu();
        return Figures.NONE;
    }

    Figures report() {
        return new Figures(Map.of(
                "messages", messages.sum(),
                "messagesInTheClear", messagesInTheClear.sum(),
                "slowMessages", slowMessages.sum(),
                "recipients", recipients.sum(),
                "bytes", bytes.sum(),
                "connections", connections.sum(),
                "open", open.sum(),
                "lastMicros", last.get(),
                "cpuNanos", cpu() - cpuAtReset));
    }

    /** Microseconds of the clock that all processes of the machine share. */
    static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** Nanoseconds of processor time that this process has used. */
    static long cpu() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}
