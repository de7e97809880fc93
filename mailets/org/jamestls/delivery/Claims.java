package org.jamestls.delivery;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.mailet.Mail;

/**
 * Who has an item. A stream that is cancelled while it hands an item over may hand it over and discard it too, or discard
 * it twice: the first counts. Items are told apart by their mails, since a queue may wrap them on their way. Safe for use
 * by several threads.
 */
final class Claims {

    private final Set<Mail> claimed = Collections.newSetFromMap(new IdentityHashMap<>());
    private Mail latest;
    private boolean latestReleased;
    private boolean cancelled;

    /** Claims an item; false when it has been claimed before. */
    synchronized boolean claim(MailQueueItem item) {
        Mail mail = item.getMail();
        if (!claimed.add(mail)) {
            return false;
        }
        if (latestReleased && !cancelled) {
            claimed.remove(latest);
        }
        latest = mail;
        latestReleased = false;
        return true;
    }

    /** The item is settled. It is remembered as long as the stream may still be busy with it. */
    synchronized void release(MailQueueItem item) {
        if (item.getMail() == latest) {
            latestReleased = true;
        } else if (!cancelled) {
            claimed.remove(item.getMail());
        }
    }

    /** The stream is about to be cancelled: from here on nothing that was claimed may be claimed again. */
    synchronized void cancelled() {
        cancelled = true;
    }
}
