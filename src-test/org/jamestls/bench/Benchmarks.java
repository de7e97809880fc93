package org.jamestls.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;

/** Holds every contest and prints its results, one {@code name=value} on a line; {@link Options} says what can be asked. */
public final class Benchmarks {

    private final Options options;
    private final Results results = new Results();
    private boolean failed;

    private Benchmarks(Options options) {
        this.options = options;
    }

    /** What a contest does. */
    @FunctionalInterface
    private interface Contestants {
        void compete() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Benchmarks benchmarks = new Benchmarks(Options.ofSystemProperties());
        if (benchmarks.options.network().isPresent()) {
            benchmarks.runInNamespace();
        } else {
            benchmarks.run();
            benchmarks.results.write(benchmarks.options.directory().resolve("results.json"));
        }
        System.exit(benchmarks.failed ? 1 : 0);
    }

    private void run() throws Exception {
        results.put("processors", Runtime.getRuntime().availableProcessors());
        results.put("loopback.mtu", loopbackMtu());
        try (Arena arena = Arena.open(options)) {
            results.put("sink.native_tls", arena.sink().nativeTls() ? 1 : 0);
            DeliveryBenchmark delivery = new DeliveryBenchmark(arena, options, results);
            hold(
                    "one_destination",
                    List.of("vs_james", "vs_postfix", "cpu_vs_james"),
                    () -> delivery.oneDestination("one_destination"));
            hold("latency", List.of("vs_james"), () -> delivery.latency("latency"));
            hold("many_destinations", List.of("vs_james"), () -> delivery.manyDestinations("many_destinations"));
            if (options.before().isPresent()) {
                hold("change", List.of("x1.vs_before"), () -> delivery.change("change"));
            }
            hold("large", List.of("vs_james"), () -> delivery.large("large"));
            hold("many_recipients", List.of("vs_james"), () -> delivery.manyRecipients("many_recipients"));
            hold(
                    "slow_neighbour",
                    List.of("others"),
                    () -> new SlowNeighbourBenchmark(arena, options.rounds(3), results).run("slow_neighbour"));
            hold("growth", List.of("x10", "x100"), () -> new GrowthBenchmark(arena, results).run("growth"));
            hold(
                    "memory",
                    List.of("james.queued_10000_mb", "ours.queued_10000_mb"),
                    () -> new MemoryBenchmark(arena, results).run("memory"));
        }
        hold(
                "one_destination." + NetworkNamespace.NAME,
                List.of("vs_james", "vs_postfix", "cpu_vs_james"),
                this::oneDestinationInNamespace);
        hold("policy", List.of(), this::policy);
    }

    private void runInNamespace() throws Exception {
        String contest = "one_destination." + options.network().orElseThrow();
        try (Arena arena = Arena.open(options)) {
            hold(
                    contest,
                    List.of("vs_james", "vs_postfix", "cpu_vs_james"),
                    () -> new DeliveryBenchmark(arena, options, results).oneDestination(contest));
        }
    }

    /** Holds one contest, if it is asked for; one that fails does not stop the others. */
    private void hold(String contest, List<String> ratios, Contestants contestants) throws InterruptedException {
        if (!options.asksFor(contest)) {
            return;
        }
        long start = System.nanoTime();
        try {
            contestants.compete();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failed = true;
            e.printStackTrace();
            ratios.stream()
                    .map(ratio -> contest + "." + ratio)
                    .filter(name -> !results.has(name))
                    .forEach(name -> results.failed(name, e.toString()));
        }
        Results.note(contest + " took " + (System.nanoTime() - start) / 1_000_000_000 + " s");
    }

    private void oneDestinationInNamespace() throws IOException, InterruptedException {
        Optional<NetworkNamespace> namespace = NetworkNamespace.find();
        String contest = "one_destination." + NetworkNamespace.NAME;
        if (namespace.isPresent()) {
            namespace.get().hold(contest, options, results);
            return;
        }
        for (String ratio : List.of("vs_james", "vs_postfix", "cpu_vs_james")) {
            results.skipped(contest + "." + ratio, "unshare and ip are missing, or may not make a network namespace");
        }
    }

    private void policy() throws Exception {
        PolicyBenchmark policy = new PolicyBenchmark();
        results.put("policy_load.vs_stax", policy.loadAgainstStax());
        results.put("policy_lookup.x20000", policy.lookUpInLargeAgainstSmall());
        results.put("policy_lookup.x20000.all_over", policy.lookUpAllOverLargeAgainstSmall());
        results.put("explain.vs_check", policy.explainAgainstCheck());
    }

    private static int loopbackMtu() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1"))
                .getMTU();
    }
}
