package org.jamestls.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a message once: counts its octets, every line end as CRLF (RFC 1870 §5), looks for those above 127, and keeps
 * those of the header: in UTF-8 they make the message an internationalized one (RFC 6532 §3), in another charset they are
 * only ill-formed. A short message is kept, so that it need not be read again to be sent.
 */
final class MessageMeasure extends OutputStream {

    /** The longest message that is kept, in octets. */
    static final int LONGEST_KEPT = 64 * 1024;

    private final ByteArrayOutputStream headerAboveAscii = new ByteArrayOutputStream();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long octets;
    private long bareLineFeeds;
    private int bits;
    private boolean inBody;
    private boolean lineHasText;
    private byte previous;

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (octets + length <= LONGEST_KEPT) {
            kept.write(bytes, offset, length);
        }
        octets += length;
        readHeader(bytes, offset, offset + length);
        count(bytes, offset, offset + length);
    }

    /** Reads up to the body. */
    private void readHeader(byte[] bytes, int offset, int end) {
        byte before = previous;
        for (int i = offset; i < end && !inBody; i++) {
            byte octet = bytes[i];
            if (octet == '\n') {
                inBody = !lineHasText;
                lineHasText = false;
            } else if (octet != '\r') {
                lineHasText = true;
            }
            if (octet < 0) {
                headerAboveAscii.write(octet);
            } else if (before < 0) {
                headerAboveAscii.write(' '); // where a character of UTF-8 has to be complete
            }
            before = octet;
        }
    }

    /** Counts in local variables, since every octet of every mail comes by. */
    private void count(byte[] bytes, int offset, int end) {
        byte before = previous;
        int seen = bits;
        long bare = bareLineFeeds;
        for (int i = offset; i < end; i++) {
            byte octet = bytes[i];
            if (octet == '\n' && before != '\r') {
                bare++;
            }
            seen |= octet;
            before = octet;
        }
        previous = before;
        bits = seen;
        bareLineFeeds = bare;
    }

    /** The size in octets with every line end as CRLF. */
    long size() {
        return octets + bareLineFeeds;
    }

    boolean eightBit() {
        return (bits & 0x80) != 0;
    }

    boolean utf8Header() {
        if (headerAboveAscii.size() == 0) {
            return false;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(headerAboveAscii.toByteArray()))
                    .chars()
                    .anyMatch(c -> c > 0x7f);
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether the message was short enough to be kept. */
    boolean keptAll() {
        return octets <= LONGEST_KEPT;
    }

    /** Writes the message that was kept, octet by octet as it was read. */
    void writeKept(OutputStream out) throws IOException {
        kept.writeTo(out);
    }
}
