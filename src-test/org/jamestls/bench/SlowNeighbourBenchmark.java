package org.jamestls.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** 20 destinations, each with as many mails: what the others get of ours when one of them answers everything after 5 s. */
final class SlowNeighbourBenchmark {

    private static final int DESTINATIONS = 20;
    private static final int MAILS_EACH = 150;
    private static final int MAIL = 10 << 10;
    private static final int ROUNDS_WITHOUT = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double MICROS_PER_SECOND = 1e6;

    private final Arena arena;
    private final int rounds;
    private final Results results;

    SlowNeighbourBenchmark(Arena arena, int rounds, Results results) {
        this.arena = arena;
        this.rounds = rounds;
        this.results = results;
    }

    void run(String name) throws IOException, InterruptedException {
        double[] without = new double[rounds];
        double[] with = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            MailetSender ours = arena.freshOurs();
            try {
                DeliveryContest.warmUp(ours, othersAlone(), WARM_UP);
                without[i] = othersAlone(ours);
                with[i] = othersBesideSlow(ours);
            } finally {
                ours.kill(); // the slow destination's mails would go on for minutes
            }
        }
        Arrays.sort(without);
        Arrays.sort(with);
        results.put(name + ".without_mails_per_s", without[rounds / 2]);
        results.put(name + ".with_mails_per_s", with[rounds / 2]);
        results.put(name + ".others", with[rounds / 2] / without[rounds / 2]);
    }

    private static double othersAlone(MailetSender ours) throws IOException, InterruptedException {
        List<Round> alone = new ArrayList<>();
        for (int i = 0; i < ROUNDS_WITHOUT; i++) {
            alone.add(ours.deliver(othersAlone()));
        }
        return DeliveryContest.median(alone, Round::mailsPerSecond);
    }

    private static Load othersAlone() {
        return Load.of((DESTINATIONS - 1) * MAILS_EACH, MAIL, Destination.prompt(DESTINATIONS - 1));
    }

    /** Mails per second to the others; what has arrived counts when patience ends. */
    private double othersBesideSlow(MailetSender ours) throws IOException, InterruptedException {
        List<Destination> all = new ArrayList<>(List.of(Destination.SLOW));
        all.addAll(Destination.prompt(DESTINATIONS - 1));
        arena.sink().reset();
        long started = ours.feed(Load.of(DESTINATIONS * MAILS_EACH, MAIL, all));
        Figures arrived = arena.sink().await(othersAlone().mails(), PATIENCE);
        boolean complete = arrived.get("messages") == othersAlone().mails();
        long ended = complete ? arrived.get("lastMicros") : SinkCounts.now();
        if (!complete) {
            Results.note("of " + othersAlone().mails() + " mails to the others, " + arrived.get("messages")
                    + " arrived within " + PATIENCE.toSeconds() + " s");
        }
        return arrived.get("messages") / ((ended - started) / MICROS_PER_SECOND);
    }
}
