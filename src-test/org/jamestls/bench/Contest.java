package org.jamestls.bench;

import java.util.Arrays;
import java.util.concurrent.Callable;

/** Measures two tasks in turn, so that what else the machine does meets both alike. */
final class Contest {

    private static final int WARM_UP_ROUNDS = 10;
    private static final int ROUNDS = 31;

    private static volatile Object sink;

    private Contest() {}

    /** How many times as long the first task takes as the second, by the medians of all rounds. */
    static double ratio(Callable<?> first, Callable<?> second) throws Exception {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            nanoseconds(first);
            nanoseconds(second);
        }
        long[] times = new long[ROUNDS];
        long[] otherTimes = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            times[i] = nanoseconds(first);
            otherTimes[i] = nanoseconds(second);
        }
        return (double) median(times) / median(otherTimes);
    }

    private static long nanoseconds(Callable<?> task) throws Exception {
        sink = null;
        System.gc(); // garbage of the other task is not this one's
        long start = System.nanoTime();
        sink = task.call();
        return System.nanoTime() - start;
    }

    private static long median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }
}
