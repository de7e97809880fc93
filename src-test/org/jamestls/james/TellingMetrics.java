package org.jamestls.james;

import java.util.function.Consumer;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.james.metrics.tests.RecordingMetricFactory;

/** James's metrics for tests, which tell of each use. */
public final class TellingMetrics extends RecordingMetricFactory {

    private volatile Consumer<String> listener = use -> {};

    /** Tells of each use before it takes effect. */
    public void telling(Consumer<String> other) {
        listener = other;
    }

    @Override
    public Metric generate(String name) {
        Metric metric = super.generate(name);
        return new Metric() {
            @Override
            public void increment() {
                listener.accept("counter " + name);
                metric.increment();
            }

            @Override
            public void decrement() {
                metric.decrement();
            }

            @Override
            public void add(int value) {
                metric.add(value);
            }

            @Override
            public void remove(int value) {
                metric.remove(value);
            }

            @Override
            public long getCount() {
                return metric.getCount();
            }

            @Override
            public double movingAverage() {
                return metric.movingAverage();
            }
        };
    }

    @Override
    public TimeMetric timer(String name) {
        listener.accept("timer " + name);
        return super.timer(name);
    }
}
