package org.jamestls.delivery;

import java.util.Enumeration;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;

/** The headers of a message as a bounce returns them: whole fields in their order, as long as there is room for them. */
final class ReturnedHeaders {

    private static final String CRLF = "\r\n";

    /** The most octets that are returned, in characters: more than headers have that nobody made long on purpose. */
    static final int MOST = 64 * 1024;

    private ReturnedHeaders() {}

    /** @throws MessagingException when the headers cannot be read */
    static String of(MimeMessage original) throws MessagingException {
        StringBuilder returned = new StringBuilder();
        int leftOut = 0;
        Enumeration<String> fields = original.getAllHeaderLines();
        while (fields.hasMoreElements()) {
            String field = fields.nextElement();
            if (returned.length() + field.length() <= MOST && longestLine(field) <= BounceMessage.LONGEST_LINE) {
                returned.append(field).append(CRLF);
            } else {
                leftOut++;
            }
        }
        if (leftOut > 0) {
            returned.append("X-TLS-Enforcement-Left-Out: ")
                    .append(leftOut)
                    .append(" fields, for their length")
                    .append(CRLF);
        }
        return returned.toString();
    }

    private static long longestLine(String field) {
        return field.lines().mapToInt(String::length).max().orElse(0);
    }
}
