package org.jamestls.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Makes every line end CRLF, a bare CR and a bare LF included, so that no host can take for a line end what we did not
 * (RFC 5321 §2.3.8). What is canonical already passes in whole blocks.
 */
final class CanonicalLineEnds extends OutputStream {

    private static final byte[] CRLF = {'\r', '\n'};

    private final OutputStream out;
    private boolean afterCarriageReturn;
    private boolean insideLine;

    CanonicalLineEnds(OutputStream out) {
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
        if (afterCarriageReturn) {
            out.write(CRLF);
            start = octets[offset] == '\n' ? offset + 1 : offset;
        }
        afterCarriageReturn = octets[end - 1] == '\r';
        insideLine = !afterCarriageReturn && octets[end - 1] != '\n';
        int last = afterCarriageReturn ? end - 1 : end; // what a final CR is depends on the octet to come
        for (int i = start; i < last; i++) {
            byte octet = octets[i];
            if (octet > '\r') {
                continue;
            }
            boolean canonical = octet == '\r' && i + 1 < last && octets[i + 1] == '\n';
            if (canonical) {
                i++;
            } else if (octet == '\r' || octet == '\n') {
                out.write(octets, start, i - start);
                out.write(CRLF);
                start = i + 1;
            }
        }
        out.write(octets, start, last - start);
    }

    /** Ends the last line if it has no end yet. */
    void finish() throws IOException {
        if (afterCarriageReturn || insideLine) {
            out.write(CRLF);
        }
        afterCarriageReturn = false;
        insideLine = false;
    }
}
