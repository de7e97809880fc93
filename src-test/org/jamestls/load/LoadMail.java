package org.jamestls.load;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;

/**
 * One of the mails. Each recipient has a token of its own, its local part. Each destination's tenth mail has two.
 *
 * @param number from 0
 */
record LoadMail(int number) {

    static final int MAILS = 50_000;
    static final int DESTINATIONS = 100;

    /** Twice the mails; not every token has a recipient. */
    static final int TOKENS = 2 * MAILS;

    private static final int TWO_RECIPIENTS_EVERY = 10;
    private static final int REFUSED_EVERY = 7;

    private static final Session SESSION = Session.getInstance(new Properties());
    private static final String LINE = "The quick brown fox jumps over the lazy dog, and sphinx of black quartz\r\n";

    static LoadMail withToken(int token) {
        return new LoadMail(token % MAILS);
    }

    static int token(MailAddress recipient) {
        return Integer.parseInt(recipient.getLocalPart());
    }

    /** Whether a host that refuses some recipients refuses this one. */
    static boolean mayBeRefused(int token) {
        return token / DESTINATIONS % REFUSED_EVERY == 0;
    }

    int destination() {
        return number % DESTINATIONS;
    }

    List<Integer> tokens() {
        return number / DESTINATIONS % TWO_RECIPIENTS_EVERY == 0 ? List.of(number, number + MAILS) : List.of(number);
    }

    MailImpl make() throws MessagingException {
        List<MailAddress> recipients = new ArrayList<>();
        for (int token : tokens()) {
            recipients.add(new MailAddress(String.valueOf(token), LoadHost.domain(destination())));
        }
        return MailImpl.builder()
                .name("load" + number)
                .sender(new MailAddress("someone@sender.example"))
                .addRecipients(recipients)
                .mimeMessage(
                        new MimeMessage(SESSION, new ByteArrayInputStream(text().getBytes(StandardCharsets.US_ASCII))))
                .build();
    }

    private String text() {
        return "Subject: " + number + "\r\nFrom: someone@sender.example\r\nMessage-ID: <" + number
                + "@sender.example>\r\n\r\n" + LINE.repeat(12) + end();
    }

    private String end() {
        return "the end of " + number + "\r\n";
    }

    /** Whether a message is this mail's, and whole. */
    boolean is(String message) {
        return message.startsWith("Subject: " + number + "\r\n") && message.endsWith(end());
    }
}
