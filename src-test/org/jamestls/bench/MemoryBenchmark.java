package org.jamestls.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The heap of a warm sender after a collection: idle, and with 10,000 mails of 10 KB queued to a destination that never
 * answers.
 */
final class MemoryBenchmark {

    private static final int MAIL = 10 << 10;
    private static final double MEGABYTE = 1 << 20;
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private final Arena arena;
    private final Results results;

    MemoryBenchmark(Arena arena, Results results) {
        this.arena = arena;
        this.results = results;
    }

    void run(String name) throws IOException, InterruptedException {
        measure(name + ".james", arena.freshJames());
        measure(name + ".ours", arena.freshOurs());
    }

    private void measure(String name, MailetSender sender) throws IOException, InterruptedException {
        try {
            DeliveryContest.warmUp(sender, Load.of(1_000, MAIL, Destination.prompt(1)), WARM_UP);
            results.put(name + ".idle_mb", sender.memory() / MEGABYTE);
            sender.feed(Load.of(10_000, MAIL, List.of(Destination.SILENT)));
            results.put(name + ".queued_10000_mb", sender.memory() / MEGABYTE);
        } finally {
            sender.kill(); // it would wait for the silent destination for minutes
        }
    }
}
