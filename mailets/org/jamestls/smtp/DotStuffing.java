package org.jamestls.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Doubles the dot that begins a line (RFC 5321 §4.5.2), so that no line of the message ends it. The lines have to end
 * with CRLF, as {@link CanonicalLineEnds} sees to.
 */
final class DotStuffing extends OutputStream {

    private final OutputStream out;
    private boolean atLineStart = true;

    DotStuffing(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        int end = offset + length;
        int start = offset;
        if (atLineStart && octets[offset] == '.') {
            out.write('.');
        }
        for (int i = offset; i < end - 1; i++) {
            if (octets[i] == '\n' && octets[i + 1] == '.') {
                out.write(octets, start, i + 1 - start);
                out.write('.');
                start = i + 1;
            }
        }
        out.write(octets, start, end - start);
        atLineStart = octets[end - 1] == '\n';
    }
}
