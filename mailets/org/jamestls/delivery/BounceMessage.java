package org.jamestls.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Properties;
import javax.activation.DataHandler;
import javax.mail.Message.RecipientType;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import javax.mail.util.ByteArrayDataSource;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;

/**
 * The message that tells a sender why a mail was not delivered: a delivery status notification (RFC 3464) with the
 * original's headers. The original's body stays out, since the notification may travel another way than the policy
 * asks for the original.
 */
final class BounceMessage {

    private static final String CRLF = "\r\n";

    private static final int LONGEST_ADDRESS_IN_SUBJECT = 100;

    /** RFC 5322 §2.1.1: the longest line, in characters, of which each is an octet here. */
    static final int LONGEST_LINE = 998;

    /** What the reasons of all recipients may take together, in characters, unless they are very many. */
    private static final int REASONS_TOGETHER = 32 * 1024;

    private static final int SHORTEST_REASONS = 80;

    private final String reportingHost;
    private final MailAddress postmaster;

    /**
     * @param reportingHost the name of this server
     * @param postmaster the address that the bounce comes from
     */
    BounceMessage(String reportingHost, MailAddress postmaster) {
        this.reportingHost = reportingHost;
        this.postmaster = postmaster;
    }

    /**
     * Writes the bounce.
     *
     * @param original the mail, which has a sender
     * @param failures the recipients that did not get it, each with its reason
     * @param explanation the text for people
     * @throws MessagingException when the original's headers cannot be read
     */
    MimeMessage write(Mail original, Map<MailAddress, DeliveryFailure> failures, String explanation, Instant now)
            throws MessagingException {
        Properties properties = new Properties();
        properties.setProperty("mail.from", postmaster.toString()); // whose domain ends the Message-ID
        MimeMessage bounce = new MimeMessage(Session.getInstance(properties));
        bounce.setFrom(new InternetAddress(postmaster.toString(), true));
        bounce.setRecipient(
                RecipientType.TO,
                new InternetAddress(original.getMaybeSender().get().toString(), false));
        bounce.setSubject("Undelivered mail: not accepted for " + recipients(failures));
        bounce.setSentDate(Date.from(now));
        bounce.setHeader("Auto-Submitted", "auto-replied"); // RFC 3834 §5
        bounce.setContent(report(original, failures, explanation));
        bounce.saveChanges();
        return bounce;
    }

    private static String recipients(Map<MailAddress, DeliveryFailure> failures) {
        String first = FirstFew.characters(
                BounceText.shown(failures.keySet().iterator().next()), LONGEST_ADDRESS_IN_SUBJECT);
        return failures.size() == 1 ? first : first + " and " + (failures.size() - 1) + " more";
    }

    /** RFC 6522 §3: the text, the machine-readable status, the headers. */
    private MimeMultipart report(Mail original, Map<MailAddress, DeliveryFailure> failures, String explanation)
            throws MessagingException {
        MimeBodyPart text = new MimeBodyPart();
        text.setText(explanation, StandardCharsets.UTF_8.name());
        MimeMultipart report = new MimeMultipart("report; report-type=delivery-status");
        report.addBodyPart(text);
        report.addBodyPart(part(status(DsnRequests.of(original), failures), "message/delivery-status"));
        report.addBodyPart(part(ReturnedHeaders.of(original.getMessage()), "text/rfc822-headers"));
        return report;
    }

    private static MimeBodyPart part(String content, String type) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(
                new DataHandler(new ByteArrayDataSource(content.getBytes(StandardCharsets.ISO_8859_1), type)));
        return part;
    }

    /** RFC 3464 §2: the fields about the message, then those of each recipient. */
    private String status(DsnRequests asked, Map<MailAddress, DeliveryFailure> failures) {
        StringBuilder status = new StringBuilder();
        asked.originalEnvelopeId().ifPresent(id -> field(status, "Original-Envelope-Id", id));
        field(status, "Reporting-MTA", "dns; " + reportingHost);
        // the more recipients, the less of each one's reason: together they stay within what they may take
        int longestReason = Math.max(SHORTEST_REASONS, Math.min(LONGEST_LINE, REASONS_TOGETHER / failures.size()));
        failures.forEach((recipient, failure) -> {
            status.append(CRLF);
            asked.originalRecipientDecoded(recipient)
                    .ifPresent(address -> field(status, "Original-Recipient", address));
            field(status, "Final-Recipient", "rfc822; " + BounceText.shown(recipient));
            field(status, "Action", "failed");
            field(status, "Status", failure.bounceCode());
            String type = failure.replyCode().isPresent() ? "smtp; " : "x-tls-enforcement; ";
            field(status, "Diagnostic-Code", type + FirstFew.characters(failure.reason(), longestReason));
        });
        return status.toString();
    }

    private static void field(StringBuilder status, String name, String value) {
        status.append(FirstFew.characters(name + ": " + value, LONGEST_LINE)).append(CRLF);
    }
}
