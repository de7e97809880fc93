package org.jamestls.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How our processor time per mail of 1 KB grows with the mails that are queued at once: 1,000, ten times, a hundred times. */
final class GrowthBenchmark {

    private static final int MAIL = 1 << 10;
    private static final int FEW = 1_000;
    private static final int ROUNDS_OF_FEW = 5;
    private static final int ROUNDS_OF_MORE = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Arena arena;
    private final Results results;

    GrowthBenchmark(Arena arena, Results results) {
        this.arena = arena;
        this.results = results;
    }

    void run(String name) throws IOException, InterruptedException {
        try (MailetSender ours = arena.freshOurs()) {
            DeliveryContest.warmUp(ours, load(FEW), WARM_UP);
            double few = cpuMillisPerMail(name, ours, 1, ROUNDS_OF_FEW);
            double more = cpuMillisPerMail(name, ours, 10, ROUNDS_OF_MORE);
            results.put(name + ".x10", more / few);
            double seconds = FEW * 100 / ours.deliver(load(FEW * 10)).mailsPerSecond();
            if (seconds > LONGEST.toSeconds()) {
                results.skipped(name + ".x100", "it would take " + Math.round(seconds) + " s");
                return;
            }
            results.put(name + ".x100", cpuMillisPerMail(name, ours, 100, 1) / few);
        }
    }

    private double cpuMillisPerMail(String name, MailetSender ours, int times, int rounds)
            throws IOException, InterruptedException {
        List<Round> held = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            held.add(ours.deliver(load(FEW * times)));
        }
        double median =
                DeliveryContest.median(held, round -> round.cpuMillisPerMail().orElseThrow());
        results.put(name + ".cpu_ms_per_mail." + FEW * times, median);
        return median;
    }

    private static Load load(int mails) {
        return Load.of(mails, MAIL, Destination.prompt(1));
    }
}
