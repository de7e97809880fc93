package org.jamestls.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.james.util.DurationParser;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;

/**
 * When a mail that could not be delivered is tried again.
 *
 * @param delays the wait before each retry, in order; as many as there are retries
 */
record RetrySchedule(List<Duration> delays) {

    static final int DEFAULT_MAX_RETRIES = 5;
    static final Duration DEFAULT_DELAY = Duration.ofHours(6);

    static final int MOST_RETRIES = 10_000;
    private static final String FORM = "write delays such as '5 minutes, 3*1 hour, 2*1 day'";

    RetrySchedule {
        delays = List.copyOf(delays);
    }

    /** An entry of {@code delayTime}: so often this wait. */
    private record Entry(int attempts, Duration delay) {}

    /**
     * The schedule of {@code delayTime} and {@code maxRetries}: where the delays are fewer than the retries the last one
     * is repeated, where they are more they count. {@code maxRetries} 0 means no retry, whatever the delays.
     *
     * @throws InvalidValueException when {@code delayTime} does not parse
     */
    static RetrySchedule of(Optional<String> delayTime, Optional<Integer> maxRetries) {
        List<Entry> entries = delayTime.isPresent() ? parse(delayTime.get()) : List.of(new Entry(1, DEFAULT_DELAY));
        int retries = maxRetries.orElse(DEFAULT_MAX_RETRIES);
        if (retries == 0) {
            // Deviation: RemoteDelivery makes one retry of it, or as many as there are delays
            return new RetrySchedule(List.of());
        }
        List<Duration> delays = new ArrayList<>();
        entries.forEach(entry -> delays.addAll(Collections.nCopies(entry.attempts(), entry.delay())));
        Duration last = entries.get(entries.size() - 1).delay();
        delays.addAll(Collections.nCopies(Math.max(0, retries - delays.size()), last));
        return new RetrySchedule(delays);
    }

    private static List<Entry> parse(String delayTime) {
        List<Entry> entries = new ArrayList<>();
        for (String entry : delayTime.split(",", -1)) {
            if (!entry.isBlank()) {
                entries.add(entry(entry));
            }
        }
        if (entries.isEmpty()) {
            throw notADelay(delayTime);
        }
        return entries;
    }

    private static Entry entry(String entry) {
        String[] parts = entry.split("\\*", -1);
        if (parts.length > 2) {
            throw notADelay(entry);
        }
        int attempts = parts.length == 1 ? 1 : Parameters.wholeNumber(parts[0].strip(), 0, MOST_RETRIES);
        return new Entry(attempts, duration(parts[parts.length - 1], entry));
    }

    private static Duration duration(String text, String entry) {
        try {
            return DurationParser.parse(text.strip());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw notADelay(entry);
        }
    }

    private static InvalidValueException notADelay(String entry) {
        return new InvalidValueException("'" + PeerText.clean(entry.strip()) + "' is not a delay; " + FORM);
    }

    int maxRetries() {
        return delays.size();
    }

    /** The shortest wait; the default one when there is no retry. */
    Duration shortestDelay() {
        return delays.stream().min(Duration::compareTo).orElse(DEFAULT_DELAY);
    }

    /**
     * The wait before the next retry.
     *
     * @param retriesDone how often the mail has been retried
     * @return empty when no retry is left
     */
    Optional<Duration> delayAfter(int retriesDone) {
        return retriesDone < delays.size() ? Optional.of(delays.get(Math.max(0, retriesDone))) : Optional.empty();
    }
}
