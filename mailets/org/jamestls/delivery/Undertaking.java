package org.jamestls.delivery;

import org.apache.james.queue.api.MailQueue.MailQueueItem;

/** One item that was taken from a queue, until the queue is told what came of it. For one thread at a time. */
interface Undertaking {

    MailQueueItem item();

    /** Where its mail goes: items with the same destination wait for one another. */
    String destination();

    /**
     * Attempts the delivery, once, and settles what came of it. Never throws.
     *
     * @return false when something is left to settle; then {@link #settle} is to be called, later
     */
    boolean deliver();

    /**
     * Settles what has not been settled, and tells the queue. Never throws.
     *
     * @return false while the queue or James does not take what they are handed; then it is to be called again, later
     */
    boolean settle();

    /**
     * Lets the item wait in the queue instead of here, without an attempt. Never throws.
     *
     * @return false when the queue does not take it: then it goes on waiting here; otherwise it is to be settled
     */
    boolean defer();

    /** Gives the item back to the queue, because the server stops. Never throws. */
    void giveBack();
}
