package org.jamestls.mailetcontainer;

import java.util.Optional;
import org.jamestls.policy.FileLocation;

/**
 * A matcher's class and condition, as written in {@code match="class=condition"}.
 *
 * @param className as James's loader takes it: James's own may lack their package, no other may; nothing is trimmed
 * @param condition what follows the first {@code =}
 */
public record MatcherName(String className, Optional<String> condition) {

    static final MatcherName ALL = new MatcherName("All", Optional.empty());

    private static final String JAMES_MATCHERS = "org.apache.james.transport.matchers.";

    static MatcherName parse(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new MatcherName(text, Optional.empty())
                : new MatcherName(text.substring(0, equals), Optional.of(text.substring(equals + 1)));
    }

    boolean isAll() {
        return className.equals("All") || className.equals(JAMES_MATCHERS + "All");
    }

    /** The policy file, where the matcher is ours. */
    Optional<String> policy() {
        return className.equals(TlsNames.MATCHER)
                ? Optional.of(
                        condition.map(String::strip).map(FileLocation::url).orElse(TlsNames.DEFAULT_POLICY))
                : Optional.empty();
    }

    String text() {
        return condition.map(after -> className + "=" + after).orElse(className);
    }
}
