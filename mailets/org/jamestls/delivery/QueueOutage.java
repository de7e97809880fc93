package org.jamestls.delivery;

import java.util.concurrent.RejectedExecutionException;
import org.apache.james.queue.api.MailQueueName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/** Tells once that a queue hands out no items, however often it is asked again, and that it does again. Safe for use by several
 * threads. */
final class QueueOutage {

    private static final Logger LOGGER = LoggerFactory.getLogger(QueueOutage.class);

    private final MailQueueName queue;
    private volatile boolean told;

    QueueOutage(MailQueueName queue) {
        this.queue = queue;
    }

    /**
     * The queue broke off. James's memory queue can be closed by others while it is in use, who interrupt it; asked again it
     * has no thread left, and never will.
     */
    synchronized void brokeOff(Throwable thrown) {
        Throwable reason = Exceptions.unwrap(thrown);
        if (told || reason instanceof InterruptedException) {
            return;
        }
        told = true;
        if (reason instanceof RejectedExecutionException) {
            SureLog.error(
                    LOGGER,
                    "The queue {} was closed inside James: nothing of it is delivered until James restarts; README names"
                            + " what closes the memory queue",
                    queue);
        } else {
            SureLog.error(LOGGER, "The queue {} broke off; it is asked again until it answers", queue, reason);
        }
    }

    /** An item came. */
    void over() {
        if (told) {
            tellTheEnd();
        }
    }

    private synchronized void tellTheEnd() {
        if (told) {
            told = false;
            SureLog.warn(LOGGER, "The queue {} answers again", queue);
        }
    }
}
