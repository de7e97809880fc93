package org.jamestls.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What a client sends, read in large pieces. Before it waits for more, the replies go out: one write per group. */
final class SinkInput {

    private static final byte[] END_OF_DATA = {'\r', '\n', '.', '\r', '\n'};

    /** What has to be done before waiting for the client. */
    @FunctionalInterface
    interface BeforeWaiting {
        void run() throws IOException;
    }

    private final InputStream stream;
    private final BeforeWaiting beforeWaiting;
    private final byte[] buffer = new byte[1 << 15];
    private int position;
    private int limit;

    SinkInput(InputStream stream, BeforeWaiting beforeWaiting) {
        this.stream = stream;
        this.beforeWaiting = beforeWaiting;
    }

    /** Whether the client has sent more than was read so far. */
    boolean hasMore() {
        return position < limit;
    }

    /**
     * A command without its line end.
     *
     * @throws EOFException when the client has gone
     */
    String command() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int start = position;
            while (position < limit) {
                if (buffer[position++] == '\n') {
                    append(line, start);
                    return line.toString().stripTrailing();
                }
            }
            append(line, start);
            beforeWaiting.run();
            fill();
        }
    }

    private void append(StringBuilder line, int start) {
        line.append(new String(buffer, start, position - start, StandardCharsets.ISO_8859_1));
    }

    /** Reads a message up to the line with a dot alone, and counts its bytes. */
    long message() throws IOException {
        beforeWaiting.run();
        long bytes = 0;
        int matched = 2; // RFC 5321 §4.1.1.4: the CR LF of DATA counts as the one before the dot
        while (true) {
            while (position < limit) {
                byte next = buffer[position++];
                bytes++;
                matched = next == END_OF_DATA[matched] ? matched + 1 : next == '\r' ? 1 : 0;
                if (matched == END_OF_DATA.length) {
                    return Math.max(0, bytes - 3);
                }
            }
            fill();
        }
    }

    /** Reads a chunk of a message. */
    void chunk(long bytes) throws IOException {
        long left = bytes;
        while (true) {
            int here = (int) Math.min(left, limit - position);
            position += here;
            left -= here;
            if (left == 0) {
                return;
            }
            fill();
        }
    }

    private void fill() throws IOException {
        position = 0;
        limit = 0;
        int read = stream.read(buffer);
        if (read < 0) {
            throw new EOFException("the client has gone");
        }
        limit = read;
    }
}
