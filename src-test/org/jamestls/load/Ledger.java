package org.jamestls.load;

import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/** How often hosts have taken each token. Safe for use by several threads. */
final class Ledger {

    private final AtomicIntegerArray taken = new AtomicIntegerArray(LoadMail.TOKENS);
    private final AtomicInteger total = new AtomicInteger();
    private final Queue<String> defects = new ConcurrentLinkedQueue<>();

    /** A host takes a message for recipients. */
    void take(int destination, boolean overTls, Collection<Integer> tokens, String message) {
        for (int token : tokens) {
            LoadMail mail = LoadMail.withToken(token);
            if (!overTls || mail.destination() != destination || !mail.is(message)) {
                defects.add("token " + token + " at " + destination + (overTls ? ":\n" : " in the clear:\n") + message);
            }
            taken.incrementAndGet(token);
            total.incrementAndGet();
        }
    }

    int taken(int token) {
        return taken.get(token);
    }

    /** How many recipients got a message. */
    int total() {
        return total.get();
    }

    List<Integer> takenTokens() {
        return IntStream.range(0, LoadMail.TOKENS)
                .filter(token -> taken.get(token) > 0)
                .boxed()
                .toList();
    }

    List<Integer> takenMoreThanOnce() {
        return IntStream.range(0, LoadMail.TOKENS)
                .filter(token -> taken.get(token) > 1)
                .boxed()
                .toList();
    }

    /** Messages at the wrong host, in the clear, or not as they were sent. */
    Collection<String> defects() {
        return defects;
    }
}
