package org.jamestls.delivery;

import org.jamestls.policy.InvalidValueException;

/**
 * How much the worker of a queue takes on at once.
 *
 * @param perDestination the most mails under way to one domain; at least 1
 * @param inAll the most mails under way together; at least 1
 * @param window the most items that are taken from the queue and not settled; at least 1
 */
record WorkerLimits(int perDestination, int inAll, int window) {
    WorkerLimits {
        if (perDestination < 1 || inAll < 1 || window < 1) {
            throw new InvalidValueException("a limit of mails under way is at least 1");
        }
    }
}
