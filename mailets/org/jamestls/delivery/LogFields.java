package org.jamestls.delivery;

import org.jamestls.policy.LogText;

/** {@code key=value} pairs of a log line, in the order in which they are added. No value can end its pair. */
final class LogFields {

    private final StringBuilder line = new StringBuilder();

    /** A value that is one word as a rule: it has quotes only where it is none. */
    LogFields word(String key, Object value) {
        return add(key, LogText.word(value.toString()));
    }

    /** A value that always has quotes. */
    LogFields text(String key, String value) {
        return add(key, LogText.quoted(value));
    }

    private LogFields add(String key, String value) {
        if (!line.isEmpty()) {
            line.append(' ');
        }
        line.append(key).append('=').append(value);
        return this;
    }

    @Override
    public String toString() {
        return line.toString();
    }
}
