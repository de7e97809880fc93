package org.jamestls.delivery;

import java.io.IOException;
import java.io.OutputStream;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;

/**
 * Counts the lines of a message that may begin a part (RFC 2046 §5.1.1), before each of these parts becomes an object. A
 * line of text that begins with two hyphens counts too.
 */
final class DelimiterLines extends OutputStream {

    private static final int HYPHENS = 2;

    private int lines;
    private int hyphens;
    private boolean atStart = true;

    private DelimiterLines() {}

    static int in(MimeMessage message) throws MessagingException, IOException {
        DelimiterLines counter = new DelimiterLines();
        message.writeTo(counter);
        return counter.lines;
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            boolean hyphen = atStart && octets[i] == '-';
            hyphens = hyphen ? hyphens + 1 : 0;
            if (hyphens == HYPHENS) {
                lines++;
            }
            atStart = octets[i] == '\n' || hyphen && hyphens < HYPHENS;
        }
    }
}
