package org.jamestls.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads replies (RFC 5321 §4.2), however they are cut into packets, and no more than a reply may reasonably hold. */
final class ReplyReader {

    static final int MAX_LINE = 4096;
    static final int MAX_LINES = 128;

    private static final int CODE_LENGTH = 3;

    private final InputStream in;
    private final byte[] buffer = new byte[MAX_LINE];
    private int position;
    private int limit;

    ReplyReader(InputStream in) {
        this.in = in;
    }

    /**
     * Reads one reply to its last line.
     *
     * @throws MalformedReplyException when what arrives is none
     * @throws EOFException when the connection ends before the reply does
     */
    SmtpReply read() throws IOException {
        List<String> texts = new ArrayList<>(1);
        String line = readLine();
        int code = code(line);
        while (isContinued(line)) {
            texts.add(text(line));
            if (texts.size() == MAX_LINES) {
                throw new MalformedReplyException("a reply of at most " + MAX_LINES + " lines", line);
            }
            line = readLine();
            // RFC 5321 §4.2.1: every line of a reply has the same code
            if (code(line) != code) {
                throw new MalformedReplyException("a further line with code " + code, line);
            }
        }
        texts.add(text(line));
        return SmtpReply.of(code, texts);
    }

    /** Whether something has arrived that is not part of a reply read so far. */
    boolean hasUnread() throws IOException {
        if (position == limit && in.available() > 0) {
            fill();
        }
        return position < limit;
    }

    /**
     * Waits until something arrives that is not part of a reply read so far, as long as the connection's own time-out
     * allows.
     */
    void awaitUnread() throws IOException {
        if (position == limit) {
            fill();
        }
    }

    /** The start of what has arrived beyond the last reply. */
    String unread() {
        return new String(buffer, position, limit - position, StandardCharsets.UTF_8);
    }

    private String readLine() throws IOException {
        byte[] line = new byte[0];
        while (true) {
            int end = indexOfLineFeed();
            byte[] part = Arrays.copyOfRange(buffer, position, end < 0 ? limit : end);
            line = line.length == 0 ? part : joined(line, part);
            if (line.length > MAX_LINE) {
                throw new MalformedReplyException("a line of at most " + MAX_LINE + " octets", decoded(line));
            }
            if (end >= 0) {
                position = end + 1;
                return withoutCarriageReturn(decoded(line));
            }
            fill();
        }
    }

    private int indexOfLineFeed() {
        for (int i = position; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void fill() throws IOException {
        position = 0;
        limit = 0;
        int read = in.read(buffer, 0, buffer.length);
        if (read < 0) {
            throw new EOFException("the mail host closed the connection");
        }
        limit = read;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static String decoded(byte[] line) {
        return new String(line, StandardCharsets.UTF_8);
    }

    // Deviation: RFC 5321 §2.3.8 ends lines with CRLF alone; a host that ends its replies with LF harms nobody
    private static String withoutCarriageReturn(String line) {
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private static int code(String line) throws MalformedReplyException {
        // RFC 5321 §4.2: Reply-code = %x32-35 %x30-35 %x30-39; the second digit is left open, as hosts use others
        boolean valid = line.length() >= CODE_LENGTH
                && line.charAt(0) >= '2'
                && line.charAt(0) <= '5'
                && isDigit(line.charAt(1))
                && isDigit(line.charAt(2))
                && (line.length() == CODE_LENGTH || isSeparator(line.charAt(CODE_LENGTH)));
        if (!valid) {
            throw new MalformedReplyException("a reply code from 200 to 599, then a space or a hyphen", line);
        }
        return Integer.parseInt(line.substring(0, CODE_LENGTH));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-';
    }

    private static boolean isContinued(String line) {
        return line.length() > CODE_LENGTH && line.charAt(CODE_LENGTH) == '-';
    }

    private static String text(String line) {
        return line.length() > CODE_LENGTH ? line.substring(CODE_LENGTH + 1) : "";
    }
}
