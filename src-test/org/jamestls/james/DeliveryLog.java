package org.jamestls.james;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** What the delivery says in the log, from now until this is closed. Safe for use by several threads. */
public final class DeliveryLog implements AutoCloseable {

    private final Logger logger;
    private final Level before;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> whole = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getLevel() + " " + event.getFormattedMessage();
            lines.add(line);
            whole.add(line + " " + event.getMDCPropertyMap()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    };

    private DeliveryLog(String name, Level level) {
        logger = (Logger) LoggerFactory.getLogger(name);
        before = logger.getLevel();
        logger.setLevel(level);
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    public static DeliveryLog record() {
        return new DeliveryLog("org.jamestls.delivery", null);
    }

    /** Records what all of our packages say, DEBUG included. */
    public static DeliveryLog recordEverything() {
        return new DeliveryLog("org.jamestls", Level.DEBUG);
    }

    /** Records what all of our packages say from a level on, below which nothing is logged. */
    public static DeliveryLog recordFrom(Level level) {
        return new DeliveryLog("org.jamestls", level);
    }

    /** The lines that contain a text. */
    public Stream<String> about(String text) {
        return lines.stream().filter(line -> line.contains(text));
    }

    /** The lines with their logging context and stack traces. */
    public List<String> whole() {
        return List.copyOf(whole);
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(before);
        appender.stop();
    }
}
