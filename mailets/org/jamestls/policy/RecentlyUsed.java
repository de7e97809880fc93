package org.jamestls.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Values that are made when they are first asked for; of more than so many, those used longest ago are forgotten, and made
 * anew when they are asked for again. Safe for use by several threads.
 *
 * @param <K> what a value is for
 * @param <V> the value
 */
public final class RecentlyUsed<K, V> {

    private final Function<K, V> maker;
    private final Map<K, V> values;

    /**
     * @param most how many are remembered; at least 1
     * @param maker makes a value, one at a time
     */
    public RecentlyUsed(int most, Function<K, V> maker) {
        this.maker = maker;
        this.values = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    public synchronized V get(K key) {
        return values.computeIfAbsent(key, maker);
    }
}
