package org.jamestls.policyfile;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/** The encoding of policy files (RFC 3629). */
final class Utf8 {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final int CHUNK = 8192;

    private Utf8() {}

    /** The text without the byte order mark that some editors put before it. */
    static byte[] withoutByteOrderMark(byte[] text) {
        return Arrays.equals(text, 0, Math.min(text.length, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK, 0, 3)
                ? Arrays.copyOfRange(text, BYTE_ORDER_MARK.length, text.length)
                : text;
    }

    /** The offset of the first byte that is not UTF-8; empty when all are. */
    static OptionalInt firstFault(byte[] text) {
        int ascii = asciiPrefix(text);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(text).position(ascii);
        CharBuffer out = CharBuffer.allocate(CHUNK);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        return result.isError() ? OptionalInt.of(in.position()) : OptionalInt.empty();
    }

    private static int asciiPrefix(byte[] text) {
        int i = 0;
        while (i < text.length && text[i] >= 0) {
            i++;
        }
        return i;
    }
}
