package org.jamestls.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;

/**
 * A delivery status notification (RFC 3464) as the sender has it.
 *
 * @param explanation the part that people read
 * @param status the part that programs read
 * @param source the whole message
 */
record Bounce(String explanation, String status, String source) {

    private static final Pattern CODE = Pattern.compile("(?m)^Status: (\\S+)");

    /** @throws MessagingException when the message is no delivery status notification */
    static Bounce read(MimeMessage message) throws IOException, MessagingException {
        ByteArrayOutputStream source = new ByteArrayOutputStream();
        message.writeTo(source);
        if (!(message.getContent() instanceof MimeMultipart report) || report.getCount() < 2) {
            throw new MessagingException("'" + message.getSubject() + "' is no delivery status notification");
        }
        return new Bounce(
                part(report, 0).replace("\r\n", "\n"), part(report, 1), source.toString(StandardCharsets.UTF_8));
    }

    private static String part(MimeMultipart report, int number) throws IOException, MessagingException {
        return new String(report.getBodyPart(number).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    boolean concerns(String recipient) {
        return status.contains("Final-Recipient: rfc822; " + recipient);
    }

    /** The enhanced status code (RFC 3463). */
    String code() {
        Matcher matcher = CODE.matcher(status);
        return matcher.find() ? matcher.group(1) : "without a code";
    }
}
