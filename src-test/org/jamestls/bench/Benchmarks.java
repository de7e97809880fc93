package org.jamestls.bench;

import java.util.Locale;

/** Runs every benchmark and prints its results, one {@code name=value} on a line. */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        PolicyBenchmark policy = new PolicyBenchmark();
        print("policy_load.vs_stax", policy.loadAgainstStax());
        print("policy_lookup.x20000", policy.lookUpInLargeAgainstSmall());
        print("policy_lookup.x20000.all_over", policy.lookUpAllOverLargeAgainstSmall());
        print("explain.vs_check", policy.explainAgainstCheck());
    }

    private static void print(String name, double value) {
        System.out.printf(Locale.ROOT, "%s=%.2f%n", name, value);
    }
}
