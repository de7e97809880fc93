package org.jamestls.james;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.james.metrics.api.Gauge;
import org.apache.james.metrics.api.GaugeRegistry;

/** Gauges that a test can read. */
final class RecordingGauges implements GaugeRegistry {

    private final Map<String, Gauge<?>> gauges = new ConcurrentHashMap<>();

    @Override
    public <T> GaugeRegistry register(String name, Gauge<T> gauge) {
        gauges.put(name, gauge);
        return this;
    }

    @Override
    public <T> SettableGauge<T> settableGauge(String name) {
        return value -> gauges.put(name, () -> value);
    }

    Object read(String name) {
        return gauges.get(name).get();
    }
}
