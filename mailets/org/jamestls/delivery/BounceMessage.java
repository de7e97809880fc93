package org.jamestls.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
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
        String first = BounceText.shown(failures.keySet().iterator().next());
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
        report.addBodyPart(part(headers(original.getMessage()), "text/rfc822-headers"));
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
        asked.originalEnvelopeId()
                .ifPresent(
                        id -> status.append("Original-Envelope-Id: ").append(id).append(CRLF));
        status.append("Reporting-MTA: dns; ").append(reportingHost).append(CRLF);
        failures.forEach((recipient, failure) -> status.append(CRLF)
                .append(asked.originalRecipientDecoded(recipient)
                        .map(original -> "Original-Recipient: " + original + CRLF)
                        .orElse(""))
                .append("Final-Recipient: rfc822; ")
                .append(BounceText.shown(recipient))
                .append(CRLF)
                .append("Action: failed")
                .append(CRLF)
                .append("Status: ")
                .append(failure.bounceCode())
                .append(CRLF)
                .append("Diagnostic-Code: ")
                .append(failure.replyCode().isPresent() ? "smtp; " : "x-tls-enforcement; ")
                .append(failure.reason())
                .append(CRLF));
        return status.toString();
    }

    private static String headers(MimeMessage original) throws MessagingException {
        List<String> lines = Collections.list(original.getAllHeaderLines());
        return String.join(CRLF, lines) + CRLF;
    }
}
