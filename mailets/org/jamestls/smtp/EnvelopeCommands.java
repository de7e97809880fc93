package org.jamestls.smtp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** MAIL and RCPT with the parameters of the extensions that the host offers, and what cannot be said without them. */
final class EnvelopeCommands {

    private final Envelope envelope;
    private final MessageContent content;
    private final Capabilities offered;

    EnvelopeCommands(Envelope envelope, MessageContent content, Capabilities offered) {
        this.envelope = envelope;
        this.content = content;
        this.offered = offered;
    }

    /** Why this mail cannot go to this host at all. */
    Optional<SmtpFailure> unsendable() {
        // RFC 6152 §3: without 8BITMIME a message with 8-bit content must not be sent as it is
        if (content.eightBit() && !offered.eightBitMime()) {
            return Optional.of(cannotSend(
                    SmtpStep.MAIL,
                    "5.6.3",
                    "the message has 8-bit content, and the mail host does not offer 8BITMIME"));
        }
        // RFC 6531 §3.5: without SMTPUTF8 an internationalized message must not be sent
        if (!offered.smtpUtf8() && content.utf8Header()) {
            return Optional.of(cannotSend(
                    SmtpStep.MAIL,
                    "5.6.7",
                    "the message's header is in UTF-8, and the mail host does not offer SMTPUTF8"));
        }
        if (!offered.smtpUtf8() && needsUtf8(envelope.sender())) {
            return Optional.of(cannotSend(
                    SmtpStep.MAIL,
                    "5.6.7",
                    "the sender's address is not ASCII, and the mail host does not offer SMTPUTF8"));
        }
        // RFC 8689 §5: a bounce is not lost because a host on its way does not offer REQUIRETLS
        boolean bounce = envelope.sender().isEmpty();
        // Deviation: for RFC 8689 §4.2.1 this is permanent once no MX host is left; a later attempt may find another
        // host
        if (envelope.requireTls() && !offered.requireTls() && !bounce) {
            return Optional.of(cannotSend(
                    SmtpStep.MAIL,
                    "4.7.30",
                    "the sender wants TLS on the whole way, and the mail host does not offer REQUIRETLS"));
        }
        return Optional.empty();
    }

    /** The recipients who cannot be named to this host. */
    Map<EnvelopeAddress, SmtpFailure> unsendableRecipients() {
        Map<EnvelopeAddress, SmtpFailure> unsendable = new LinkedHashMap<>();
        for (Recipient recipient : envelope.recipients()) {
            if (!canBeNamed(recipient)) {
                unsendable.put(
                        recipient.address(),
                        cannotSend(
                                SmtpStep.RCPT,
                                "5.6.7",
                                "the recipient's address is not ASCII, and the mail host does not offer SMTPUTF8"));
            }
        }
        return unsendable;
    }

    /** Those who can. */
    List<Recipient> recipients() {
        return envelope.recipients().stream().filter(this::canBeNamed).toList();
    }

    private boolean canBeNamed(Recipient recipient) {
        return offered.smtpUtf8() || !recipient.address().needsSmtpUtf8();
    }

    private static boolean needsUtf8(Optional<EnvelopeAddress> address) {
        return address.filter(EnvelopeAddress::needsSmtpUtf8).isPresent();
    }

    private static SmtpFailure cannotSend(SmtpStep step, String code, String message) {
        return new SmtpFailure.CannotSend(step, EnhancedStatusCode.parse(code), message);
    }

    String mail() {
        StringBuilder command = new StringBuilder("MAIL FROM:<")
                .append(envelope.sender().map(EnvelopeAddress::toString).orElse(""))
                .append('>');
        // RFC 1870 §5
        if (offered.size() && content.size().isPresent()) {
            command.append(" SIZE=").append(content.size().getAsLong());
        }
        // RFC 6152 §2
        if (offered.eightBitMime() && content.eightBit()) {
            command.append(" BODY=8BITMIME");
        }
        // RFC 6531 §3.4
        if (offered.smtpUtf8() && isInternationalized()) {
            command.append(" SMTPUTF8");
        }
        // RFC 3461 §4.3 and §4.4
        if (offered.dsn()) {
            envelope.returned().ifPresent(returned -> command.append(" RET=").append(returned));
            envelope.envelopeId().ifPresent(id -> command.append(" ENVID=").append(id));
        }
        // RFC 6710 §3
        if (offered.mtPriority()) {
            envelope.priority()
                    .ifPresent(priority -> command.append(" MT-PRIORITY=").append(priority));
        }
        // RFC 8689 §4.1
        if (envelope.requireTls() && offered.requireTls()) {
            command.append(" REQUIRETLS");
        }
        return command.toString();
    }

    private boolean isInternationalized() {
        return content.utf8Header()
                || needsUtf8(envelope.sender())
                || envelope.recipients().stream()
                        .anyMatch(recipient -> recipient.address().needsSmtpUtf8());
    }

    String rcpt(Recipient recipient) {
        StringBuilder command =
                new StringBuilder("RCPT TO:<").append(recipient.address()).append('>');
        // RFC 3461 §4.1 and §4.2
        if (offered.dsn()) {
            if (!recipient.notifyOn().isEmpty()) {
                command.append(" NOTIFY=")
                        .append(recipient.notifyOn().stream().map(Enum::name).collect(Collectors.joining(",")));
            }
            recipient
                    .originalRecipient()
                    .ifPresent(original -> command.append(" ORCPT=").append(original));
        }
        return command.toString();
    }
}
