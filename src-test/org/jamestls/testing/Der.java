package org.jamestls.testing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Writes DER (ITU-T X.690 §10), as much of it as certificates need, and lets it be wrong. */
public final class Der {

    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    /** One value: tag, length and what the parts hold. */
    public static byte[] value(int tag, byte[]... parts) {
        byte[] content = join(parts);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            byte[] length = unsigned(content.length);
            out.write(0x80 | length.length);
            out.writeBytes(length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] unsigned(int number) {
        byte[] octets = BigInteger.valueOf(number).toByteArray();
        return octets[0] == 0 ? Arrays.copyOfRange(octets, 1, octets.length) : octets;
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public static byte[] sequence(byte[]... parts) {
        return value(0x30, parts);
    }

    public static byte[] octetString(byte[] octets) {
        return value(0x04, octets);
    }

    /** A bit string of whole octets. */
    public static byte[] bitString(byte[] octets) {
        return value(0x03, new byte[] {0}, octets);
    }

    /** A bit string with names for its bits: the bits that are set, the first one being 0. */
    public static byte[] namedBits(int... bits) {
        int last = Arrays.stream(bits).max().orElse(-1);
        byte[] octets = new byte[1 + (last + 8) / 8];
        octets[0] = (byte) (last < 0 ? 0 : 7 - last % 8);
        for (int bit : bits) {
            octets[1 + bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return value(0x03, octets);
    }

    public static byte[] integer(long number) {
        return value(0x02, BigInteger.valueOf(number).toByteArray());
    }

    public static byte[] yes() {
        return value(0x01, new byte[] {(byte) 0xff});
    }

    public static byte[] none() {
        return value(0x05);
    }

    public static byte[] oid(String dotted) {
        int[] arcs =
                Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(40 * arcs[0] + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arcs[i] >>> shift != 0) {
                    out.write(0x80 | arcs[i] >>> shift & 0x7f);
                }
            }
            out.write(arcs[i] & 0x7f);
        }
        return value(0x06, out.toByteArray());
    }

    public static byte[] utf8(String text) {
        return value(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] time(Instant instant) {
        return value(0x18, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    /** A context-specific tag around whole values. */
    public static byte[] explicit(int number, byte[]... values) {
        return value(CONTEXT | CONSTRUCTED | number, values);
    }

    /** A context-specific tag instead of a primitive type's own. */
    public static byte[] implicit(int number, byte[] content) {
        return value(CONTEXT | number, content);
    }
}
