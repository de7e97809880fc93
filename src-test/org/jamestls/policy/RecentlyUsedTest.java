package org.jamestls.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentlyUsedTest {

    private final List<String> made = new ArrayList<>();
    private final RecentlyUsed<String, String> testee = new RecentlyUsed<>(2, key -> {
        made.add(key);
        return key + "!";
    });

    @Test
    void valueShouldBeMadeOnce() {
        assertThat(testee.get("a")).isEqualTo("a!").isSameAs(testee.get("a"));
        assertThat(made).containsExactly("a");
    }

    @Test
    void valueUsedLongestAgoShouldBeForgotten() {
        testee.get("a");
        testee.get("b");
        testee.get("a");
        testee.get("c");
        made.clear();

        testee.get("a");
        testee.get("b");

        assertThat(made).containsExactly("b");
    }
}
