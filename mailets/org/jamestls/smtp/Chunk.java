package org.jamestls.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A short message as the only chunk of a BDAT command (RFC 3030 §2): with canonical line ends, and dots as they are. */
final class Chunk {

    /** The longest message that is held in memory as a chunk, in octets; what is longer is streamed by DATA. */
    static final int LONGEST = 64 * 1024;

    private static final int ROOM_FOR_LINE_ENDS = 256;

    private final ByteArrayOutputStream octets;

    private Chunk(ByteArrayOutputStream octets) {
        this.octets = octets;
    }

    /** Whether a message is sent as a chunk. */
    static boolean fits(MessageContent content, Capabilities offered) {
        return offered.chunking() && content.size().orElse(Long.MAX_VALUE) <= LONGEST;
    }

    /**
     * Reads a message that {@link #fits}.
     *
     * @throws IOException when it cannot be read
     */
    static Chunk of(MessageContent content) throws IOException {
        int expected = (int) content.size().orElse(LONGEST);
        ByteArrayOutputStream octets = new ByteArrayOutputStream(expected + ROOM_FOR_LINE_ENDS);
        CanonicalLineEnds lines = new CanonicalLineEnds(octets);
        content.writeTo(lines);
        lines.finish();
        return new Chunk(octets);
    }

    /** The number of octets that {@link #writeTo} writes. */
    int size() {
        return octets.size();
    }

    void writeTo(OutputStream out) throws IOException {
        octets.writeTo(out);
    }
}
