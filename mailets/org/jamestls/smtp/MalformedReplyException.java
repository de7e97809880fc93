package org.jamestls.smtp;

import java.io.IOException;

/** What arrived is no reply. */
final class MalformedReplyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String presented;

    MalformedReplyException(String expected, String presented) {
        super(expected);
        this.expected = expected;
        this.presented = presented;
    }

    String expected() {
        return expected;
    }

    String presented() {
        return presented;
    }
}
