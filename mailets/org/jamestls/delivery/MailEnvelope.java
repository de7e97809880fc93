package org.jamestls.delivery;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.mailet.Mail;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.smtp.Envelope;
import org.jamestls.smtp.EnvelopeAddress;
import org.jamestls.smtp.Recipient;

/** James's envelope as SMTP has it. */
final class MailEnvelope {

    private MailEnvelope() {}

    /**
     * The envelope of a mail to some of its recipients. NOTIFY and ORCPT are said of each recipient, so that recipients
     * about whom the sender asked different things need no transactions of their own.
     *
     * @param recipients by their addresses on the wire, in order
     * @throws org.jamestls.policy.InvalidValueException when the sender's address cannot be sent
     */
    static Envelope of(Mail mail, Map<EnvelopeAddress, List<MailAddress>> recipients) {
        DsnRequests asked = DsnRequests.of(mail);
        return new Envelope(
                sender(mail.getMaybeSender()),
                recipients.entrySet().stream()
                        .map(entry -> recipient(entry.getKey(), entry.getValue(), asked))
                        .toList(),
                asked.returned(),
                asked.envelopeId(),
                MtPriority.of(mail));
    }

    private static Optional<EnvelopeAddress> sender(MaybeSender sender) {
        return sender.asOptional()
                .map(address -> new EnvelopeAddress(
                        address.getLocalPart(),
                        RecipientDomain.of(address.getDomain().asString()).text()));
    }

    private static Recipient recipient(EnvelopeAddress address, List<MailAddress> written, DsnRequests asked) {
        return new Recipient(
                address,
                written.stream()
                        .map(asked::notifyOn)
                        .filter(values -> !values.isEmpty())
                        .findFirst()
                        .orElse(Set.of()),
                written.stream()
                        .map(asked::originalRecipient)
                        .flatMap(Optional::stream)
                        .findFirst());
    }
}
