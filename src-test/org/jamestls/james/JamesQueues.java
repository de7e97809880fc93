package org.jamestls.james;

import java.util.List;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Mail;

/** James's mail queues of one kind, and a look into them that uses nothing that James uses. */
interface JamesQueues {

    /** James's own, until the next restart. */
    MailQueueFactory<? extends ManageableMailQueue> factory();

    /** Keeps a queue, which forgets everything otherwise when the last who has it closes it. */
    ManageableMailQueue hold(MailQueueName queue);

    /** How many mails wait, are due later, or are in delivery. */
    long size(MailQueueName queue) throws Exception;

    /** The mails that wait or are due later, without those in delivery. */
    List<Mail> waiting(MailQueueName queue) throws Exception;

    /** What the queues gave up, of whichever queue. */
    List<Mail> deadLetters() throws Exception;

    /** Stops as a server that stops, and starts with what is left then. */
    void restart() throws Exception;

    /** Whether what is queued outlives the process. */
    boolean arePersistent();

    /**
     * Starts with what is left of the files when the server is killed.
     *
     * @param kill ends what uses the queues
     */
    void crash(Runnable kill) throws Exception;

    /** Stops for good; the files stay. */
    void close() throws Exception;
}
