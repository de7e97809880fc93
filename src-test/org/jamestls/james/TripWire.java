package org.jamestls.james;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Throws an {@link Error} at one of the steps that the delivery of a mail passes, counted over everything that it calls:
 * each log line, each look-up in the DNS, each metric, each call of a queue. Which mail's step it is, the logging context
 * says. Safe for use by several threads.
 */
public final class TripWire implements AutoCloseable {

    private static final String PART = "-to-";

    /** Those of the mailet that deliver and settle; James's own are not the subject. */
    private static final String THREADS = "TlsRemoteDelivery-";

    private final Logger logger = (Logger) LoggerFactory.getLogger("org.jamestls");
    private final Map<String, Wire> wires = new ConcurrentHashMap<>();

    private final UnsynchronizedAppenderBase<ILoggingEvent> lines = new UnsynchronizedAppenderBase<>() {
        @Override
        public void doAppend(ILoggingEvent event) {
            pass("log line '" + event.getMessage() + "'");
        }

        @Override
        protected void append(ILoggingEvent event) {
            throw new UnsupportedOperationException("passed before");
        }
    };

    private static final class Wire {
        private final int armedAt;
        private final AtomicInteger passed = new AtomicInteger();
        private volatile Optional<String> trippedAt = Optional.empty();

        private Wire(int armedAt) {
            this.armedAt = armedAt;
        }
    }

    private TripWire() {
        lines.setContext(logger.getLoggerContext());
        lines.start();
        logger.addAppender(lines);
    }

    /** A wire that log lines of the product pass, until it is closed. */
    public static TripWire throughTheLog() {
        return new TripWire();
    }

    /** Throws at one of a mail's steps, the first being 1. */
    public void arm(String mailName, int step) {
        wires.put(mailName, new Wire(step));
    }

    /** A step is passed, or not. */
    public void pass(String step) {
        if (!Thread.currentThread().getName().startsWith(THREADS)) {
            return;
        }
        String mail = Optional.ofNullable(MDC.get("mail")).orElse("");
        Wire wire = wires.get(mail.contains(PART) ? mail.substring(0, mail.indexOf(PART)) : mail);
        if (wire != null && wire.passed.incrementAndGet() == wire.armedAt) {
            wire.trippedAt = Optional.of(step);
            throw new StackOverflowError("tripped at " + step);
        }
    }

    /** The step at which a mail's delivery was tripped; empty when it had not so many. */
    public Optional<String> trippedAt(String mailName) {
        return wires.get(mailName).trippedAt;
    }

    @Override
    public void close() {
        logger.detachAppender(lines);
        lines.stop();
    }
}
