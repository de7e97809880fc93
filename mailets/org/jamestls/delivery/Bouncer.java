package org.jamestls.delivery;

import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives up on recipients: hands the mail to the {@code bounceProcessor}, or tells the sender. */
final class Bouncer {

    private static final Logger LOGGER = LoggerFactory.getLogger(Bouncer.class);

    private final Optional<String> bounceProcessor;
    private final MailetContext context;
    private final Supplier<String> reportingHost;
    private final Clock clock;

    Bouncer(Optional<String> bounceProcessor, MailetContext context, Supplier<String> reportingHost, Clock clock) {
        this.bounceProcessor = bounceProcessor;
        this.context = context;
        this.reportingHost = reportingHost;
        this.clock = clock;
    }

    /**
     * The recipients given up that one mail tells about. A bounce tells about all; a processor gets those apart whose
     * failures differ in what its matchers ask for, the attributes of permanence and reply code.
     */
    Collection<Map<MailAddress, DeliveryFailure>> toldTogether(Map<MailAddress, DeliveryFailure> failures) {
        Map<Object, Map<MailAddress, DeliveryFailure>> groups = new LinkedHashMap<>();
        failures.forEach((recipient, failure) -> groups.computeIfAbsent(kind(failure), any -> new LinkedHashMap<>())
                .put(recipient, failure));
        return groups.values();
    }

    private Object kind(DeliveryFailure failure) {
        return bounceProcessor.isPresent() ? List.of(failure.permanent(), failure.replyCode()) : List.of();
    }

    /**
     * Bounces a mail whose recipients are those given up, and whose attributes tell why. A mail without sender is not
     * bounced (RFC 5321 §4.5.5), but logged; a {@code bounceProcessor} gets it like any other, as in James 3.9. A bounce of ours leaves out the recipients of whose failure the sender does
     * not want to hear (RFC 3461 §4.1). A mail that cannot be bounced goes to the {@code error} processor.
     *
     * @throws MessagingException when James takes neither the bounce nor the mail
     */
    void bounce(Mail mail, AttemptResult result, Map<MailAddress, DeliveryFailure> failures) throws MessagingException {
        if (bounceProcessor.isPresent()) {
            context.sendMail(mail, bounceProcessor.get());
        } else if (!mail.hasSender()) {
            SureLog.warn(
                    LOGGER,
                    "Mail {} without sender is given up, unbounced, for {}: {}",
                    mail.getName(),
                    failures.keySet(),
                    BounceText.summary(failures));
        } else {
            tellSender(mail, result, failures);
        }
    }

    private void tellSender(Mail mail, AttemptResult result, Map<MailAddress, DeliveryFailure> failures)
            throws MessagingException {
        Map<MailAddress, DeliveryFailure> wanted = new LinkedHashMap<>(failures);
        wanted.keySet().removeIf(recipient -> !DsnRequests.of(mail).wantsFailure(recipient));
        if (wanted.isEmpty()) {
            SureLog.info(LOGGER, "Mail {} is not bounced: its sender wants no notification of failure", mail.getName());
            return;
        }
        MailImpl bounce;
        try {
            bounce = write(mail, result, wanted);
        } catch (MessagingException | RuntimeException | Error e) {
            SureLog.error(LOGGER, "Mail {} cannot be bounced; it goes to the error processor", mail.getName(), e);
            context.sendMail(mail, Mail.ERROR);
            return;
        }
        try {
            context.sendMail(bounce);
        } finally {
            Disposal.of(bounce);
        }
    }

    private MailImpl write(Mail mail, AttemptResult result, Map<MailAddress, DeliveryFailure> failures)
            throws MessagingException {
        String host = reportingHost.get();
        String text = BounceText.of(host, result, failures, DeliveryAttributes.retries(mail));
        MailImpl bounce = MailImpl.builder()
                .name("bounce-of-" + mail.getName())
                .sender(MaybeSender.nullSender())
                .addRecipients(List.of(mail.getMaybeSender().get()))
                .mimeMessage(
                        new BounceMessage(host, context.getPostmaster()).write(mail, failures, text, clock.instant()))
                .build();
        RequireTls.passOn(mail, bounce);
        return bounce;
    }
}
