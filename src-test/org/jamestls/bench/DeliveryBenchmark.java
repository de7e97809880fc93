package org.jamestls.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Ours against James's RemoteDelivery, and against Postfix where there is one. */
final class DeliveryBenchmark {

    private static final int MAIL = 10 << 10;
    private static final int LARGE_MAIL = 10 << 20;
    private static final Duration ONE_WAY = Duration.ofMillis(10);
    private static final Duration FROM_COLD = Duration.ofSeconds(15);
    private static final Duration FROM_WARM = Duration.ofSeconds(3);

    private final Arena arena;
    private final Options options;
    private final Results results;

    DeliveryBenchmark(Arena arena, Options options, Results results) {
        this.arena = arena;
        this.options = options;
        this.results = results;
    }

    /** 2,000 mails of 10 KB to one destination, with Postfix. */
    void oneDestination(String name) throws IOException, InterruptedException {
        List<Sender> senders = new ArrayList<>(List.of(arena.james(), arena.ours()));
        List<Sender> postfixes = postfixes(name + ".vs_postfix");
        senders.addAll(postfixes);
        DeliveryContest contest = DeliveryContest.hold(
                senders, Load.of(2_000, MAIL, Destination.prompt(1)), FROM_COLD, options.rounds(5));
        report(name, contest);
        results.put(
                name + ".cpu_vs_james",
                contest.cpuMillisPerMail(arena.ours()).orElseThrow()
                        / contest.cpuMillisPerMail(arena.james()).orElseThrow());
        double ours = contest.mailsPerSecond(arena.ours());
        postfixes.stream()
                .mapToDouble(contest::mailsPerSecond)
                .max()
                .ifPresent(better -> results.put(name + ".vs_postfix", ours / better));
    }

    private List<Sender> postfixes(String ratio) throws IOException, InterruptedException {
        try {
            return arena.postfixes();
        } catch (MissingPostfixException e) {
            results.skipped(ratio, e.getMessage());
            return List.of();
        }
    }

    /** 1,000 mails of 10 KB over a line with a round trip of 20 ms. */
    void latency(String name) throws IOException, InterruptedException {
        againstJames(name, Load.of(1_000, MAIL, List.of(arena.distant(ONE_WAY))), 3);
    }

    /** 10 mails of 10 KB to each of 200 destinations. */
    void manyDestinations(String name) throws IOException, InterruptedException {
        againstJames(name, Load.of(2_000, MAIL, Destination.prompt(Destination.PROMPT)), 5);
    }

    /** 20 mails of 10 MB to one destination. */
    void large(String name) throws IOException, InterruptedException {
        againstJames(name, Load.of(20, LARGE_MAIL, Destination.prompt(1)), 3);
    }

    /** 200 mails of 10 KB with 100 recipients each, at one destination. */
    void manyRecipients(String name) throws IOException, InterruptedException {
        againstJames(name, new Load(200, MAIL, 100, Destination.prompt(1)), 3);
    }

    /**
     * The loads of {@link #oneDestination} and {@link #manyDestinations}, against the same mailet before a change. Both start
     * cold together and take turns, so that machine, warm-up and load are the same.
     */
    void change(String name) throws IOException, InterruptedException {
        for (int destinations : List.of(1, Destination.PROMPT)) {
            DeliveryContest contest = DeliveryContest.hold(
                    List.of(arena.before(), arena.ours()),
                    Load.of(2_000, MAIL, Destination.prompt(destinations)),
                    FROM_COLD,
                    options.rounds(15));
            String load = name + ".x" + destinations;
            contest.report(load, results);
            results.put(
                    load + ".vs_before", contest.mailsPerSecond(arena.ours()) / contest.mailsPerSecond(arena.before()));
            results.put(
                    load + ".cpu_vs_before",
                    contest.cpuMillisPerMail(arena.ours()).orElseThrow()
                            / contest.cpuMillisPerMail(arena.before()).orElseThrow());
        }
    }

    private void againstJames(String name, Load load, int enough) throws IOException, InterruptedException {
        List<Sender> senders = List.of(arena.james(), arena.ours());
        report(name, DeliveryContest.hold(senders, load, FROM_WARM, options.rounds(enough)));
    }

    private void report(String name, DeliveryContest contest) throws IOException {
        contest.report(name, results);
        results.put(name + ".vs_james", contest.mailsPerSecond(arena.ours()) / contest.mailsPerSecond(arena.james()));
    }
}
