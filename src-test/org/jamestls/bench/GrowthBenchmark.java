package org.jamestls.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How our processor time per mail of 1 KB grows with the mails that are queued at once: 1,000, ten times, a hundred times. */
final class GrowthBenchmark {

    private static final int MAIL = 1 << 10;
    private static final int FEW = 1_000;
    private static final int ROUNDS_OF_FEW = 3;
    private static final int ROUNDS_OF_TEN = 3;
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
            double seconds =
                    FEW * 100 / grow(name, ours, 10, ROUNDS_OF_TEN).get(0).mailsPerSecond();
            if (seconds > LONGEST.toSeconds()) {
                results.skipped(name + ".x100", "it would take " + Math.round(seconds) + " s");
                return;
            }
            grow(name, ours, 100, 1);
        }
    }

    /** Few mails and many times as many in turn, so that what else the machine does meets both alike. */
    private List<Round> grow(String name, MailetSender ours, int times, int rounds)
            throws IOException, InterruptedException {
        List<Round> few = new ArrayList<>();
        List<Round> many = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            addFew(ours, few);
            many.add(ours.deliver(load(FEW * times)));
            addFew(ours, few);
        }
        double manyCost = cpuMillisPerMail(many);
        results.put(name + ".cpu_ms_per_mail." + FEW * times, manyCost);
        results.put(name + ".x" + times, manyCost / cpuMillisPerMail(few));
        return many;
    }

    private static void addFew(MailetSender ours, List<Round> few) throws IOException, InterruptedException {
        for (int i = 0; i < ROUNDS_OF_FEW; i++) {
            few.add(ours.deliver(load(FEW)));
        }
    }

    private static double cpuMillisPerMail(List<Round> rounds) {
        return DeliveryContest.median(rounds, round -> round.cpuMillisPerMail().orElseThrow());
    }

    private static Load load(int mails) {
        return Load.of(mails, MAIL, Destination.prompt(1));
    }
}
