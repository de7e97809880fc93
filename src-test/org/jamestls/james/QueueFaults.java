package org.jamestls.james;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.james.queue.api.MailQueue.MailQueueException;

/** What goes wrong at one queue when a test says so, until it says otherwise. Safe for use by several threads. */
public final class QueueFaults {

    /** What a queue, or an item of it, is asked for. */
    public enum Call {
        ENQUEUE,
        /** {@code done(SUCCESS)} of an item. */
        DONE,
        /** {@code done(RETRY)} of an item. */
        GIVE_BACK
    }

    /** When a call fails. */
    public enum Moment {
        /** Nothing is done, unless the failure turns out to be none. */
        BEFORE,
        /** What was asked for is done all the same. */
        AFTER
    }

    /** Throws what the caller of the queue gets: a {@link MailQueueException}, a runtime exception or an error. */
    @FunctionalInterface
    public interface Failure {
        void raise() throws MailQueueException;
    }

    /** What a queue does that is asked. */
    @FunctionalInterface
    interface Action {
        void run() throws MailQueueException;
    }

    private static final class Plan {
        private final Moment moment;
        private final Failure failure;
        private int left;

        private Plan(Moment moment, Failure failure, int times) {
            this.moment = moment;
            this.failure = failure;
            this.left = times;
        }
    }

    private final Map<Call, Plan> plans = new EnumMap<>(Call.class);
    private final Map<Call, Integer> calls = new EnumMap<>(Call.class);
    private final Map<Call, Integer> failures = new EnumMap<>(Call.class);

    QueueFaults() {}

    /** As a full disk would have it. */
    public static void diskFull() throws MailQueueException {
        throw new MailQueueException("no space left on device");
    }

    /** Takes no mail until {@link #recover}. */
    public void takeNothing() {
        takeNothing(Integer.MAX_VALUE);
    }

    /** Takes so many mails, and from then on nothing until {@link #recover}. */
    public void takeNothingAfter(int mails) {
        AtomicInteger left = new AtomicInteger(mails);
        fail(Call.ENQUEUE, Moment.BEFORE, Integer.MAX_VALUE, () -> {
            if (left.getAndDecrement() <= 0) {
                diskFull();
            }
        });
    }

    /** Refuses the next so many mails. */
    public void takeNothing(int times) {
        fail(Call.ENQUEUE, Moment.BEFORE, times, QueueFaults::diskFull);
    }

    /** Fails the next so many calls; what was planned for such calls before is forgotten. */
    public synchronized void fail(Call call, Moment moment, int times, Failure failure) {
        plans.put(call, new Plan(moment, failure, times));
    }

    /** From now on nothing fails. */
    public synchronized void recover() {
        plans.clear();
    }

    /** How often the queue was asked, failures included. */
    public synchronized int calls(Call call) {
        return calls.getOrDefault(call, 0);
    }

    /** How many calls failed on command. */
    public synchronized int failures(Call call) {
        return failures.getOrDefault(call, 0);
    }

    /** Does what was asked for, unless it is to fail. */
    void around(Call call, Action action) throws MailQueueException {
        Plan plan = next(call);
        if (plan == null) {
            action.run();
            return;
        }
        if (plan.moment == Moment.AFTER) {
            action.run();
            raise(call, plan);
        } else {
            raise(call, plan);
            action.run();
        }
    }

    private void raise(Call call, Plan plan) throws MailQueueException {
        boolean raised = true;
        try {
            plan.failure.raise();
            raised = false;
        } finally {
            if (raised) {
                failed(call);
            }
        }
    }

    private synchronized Plan next(Call call) {
        calls.merge(call, 1, Integer::sum);
        Plan plan = plans.get(call);
        if (plan == null || plan.left == 0) {
            return null;
        }
        plan.left--;
        return plan;
    }

    private synchronized void failed(Call call) {
        failures.merge(call, 1, Integer::sum);
    }
}
