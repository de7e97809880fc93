package org.jamestls.james;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** What the delivery says in the log, from now until this is closed. Safe for use by several threads. */
public final class DeliveryLog implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("org.jamestls.delivery");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    private DeliveryLog() {
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    public static DeliveryLog record() {
        return new DeliveryLog();
    }

    /** The lines that contain a text. */
    public Stream<String> about(String text) {
        return lines.stream().filter(line -> line.contains(text));
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        appender.stop();
    }
}
