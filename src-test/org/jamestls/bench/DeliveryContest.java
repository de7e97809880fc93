package org.jamestls.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Senders deliver the same load in turn, so that what else the machine does meets all alike; medians count. */
final class DeliveryContest {

    private final Map<Sender, List<Round>> rounds = new LinkedHashMap<>();

    private DeliveryContest() {}

    /**
     * Holds the contest.
     *
     * @param warmUp for how long each sender delivers before the first round that counts; at least once
     */
    static DeliveryContest hold(List<Sender> senders, Load load, Duration warmUp, int rounds)
            throws IOException, InterruptedException {
        DeliveryContest contest = new DeliveryContest();
        for (Sender sender : senders) {
            contest.rounds.put(sender, new ArrayList<>());
            warmUp(sender, load, warmUp);
        }
        for (int i = 0; i < rounds; i++) {
            for (Sender sender : senders) {
                contest.rounds.get(sender).add(sender.deliver(load));
            }
        }
        return contest;
    }

    static void warmUp(Sender sender, Load load, Duration duration) throws IOException, InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        do {
            sender.deliver(load);
        } while (sender.warmsUp() && System.nanoTime() < end);
    }

    /** Writes each sender's medians under the contest's name. */
    void report(String contest, Results results) {
        rounds.forEach((sender, ofSender) -> {
            String prefix = contest + "." + sender.name() + ".";
            results.put(prefix + "mails_per_s", mailsPerSecond(sender));
            OptionalDouble cpu = cpuMillisPerMail(sender);
            if (cpu.isPresent()) {
                results.put(prefix + "cpu_ms_per_mail", cpu.getAsDouble());
            }
            results.put(prefix + "sink_cpu_ms_per_mail", median(ofSender, Round::sinkCpuMillisPerMail));
            results.put(prefix + "connections", median(ofSender, Round::connections));
        });
    }

    double mailsPerSecond(Sender sender) {
        return median(rounds.get(sender), Round::mailsPerSecond);
    }

    OptionalDouble cpuMillisPerMail(Sender sender) {
        List<Round> ofSender = rounds.get(sender);
        return ofSender.get(0).cpuMillis().isPresent()
                ? OptionalDouble.of(
                        median(ofSender, round -> round.cpuMillisPerMail().orElseThrow()))
                : OptionalDouble.empty();
    }

    static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
