package org.jamestls.delivery;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.james.core.MailAddress;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;
import org.jamestls.smtp.Envelope.Returned;
import org.jamestls.smtp.Recipient.Notify;
import org.jamestls.smtp.Recipient.OriginalRecipient;
import org.jamestls.smtp.XText;

/** What a mail's sender asked of delivery status notifications (RFC 3461), as James keeps it. */
final class DsnRequests {

    private final Optional<DsnParameters> parameters;

    private DsnRequests(Optional<DsnParameters> parameters) {
        this.parameters = parameters;
    }

    static DsnRequests of(Mail mail) {
        return new DsnRequests(mail.dsnParameters());
    }

    /** RFC 3461 §4.3: how much of the mail a notification returns. */
    Optional<Returned> returned() {
        return parameters.flatMap(DsnParameters::getRetParameter).map(ret -> Returned.valueOf(ret.name()));
    }

    /** RFC 3461 §4.4: the sender's name for the envelope; James keeps it as it came, in xtext. */
    Optional<XText> envelopeId() {
        return parameters.flatMap(DsnParameters::getEnvIdParameter).map(id -> xtext(id.asString()));
    }

    /** RFC 3461 §4.1: when a recipient's notification is wanted; empty where the sender left it open. */
    Set<Notify> notifyOn(MailAddress recipient) {
        return of(recipient)
                .flatMap(RecipientDsnParameters::getNotifyParameter)
                .map(DsnRequests::values)
                .orElseGet(Set::of);
    }

    private static Set<Notify> values(EnumSet<DsnParameters.Notify> asked) {
        return asked.stream().map(value -> Notify.valueOf(value.name())).collect(Collectors.toSet());
    }

    /** RFC 3461 §4.2: the recipient as the sender wrote it. RFC 6533 §3 wants another type for one that is not ASCII. */
    Optional<OriginalRecipient> originalRecipient(MailAddress recipient) {
        return of(recipient)
                .flatMap(RecipientDsnParameters::getOrcptParameter)
                .map(MailAddress::asString)
                .filter(address -> address.chars().allMatch(c -> c < 0x80))
                .map(address -> new OriginalRecipient("rfc822", xtext(address)));
    }

    /** Whether the sender wants to hear of a failure: RFC 3461 §4.1, by default yes. */
    boolean wantsFailure(MailAddress recipient) {
        Set<Notify> asked = notifyOn(recipient);
        return asked.isEmpty() || asked.contains(Notify.FAILURE);
    }

    private Optional<RecipientDsnParameters> of(MailAddress recipient) {
        return parameters.map(all -> all.getRcptParameters().get(recipient));
    }

    /** The envelope's name as a notification of ours writes it: RFC 3464 §2.2.1. */
    Optional<String> originalEnvelopeId() {
        return parameters.flatMap(DsnParameters::getEnvIdParameter).map(id -> decoded(id.asString()));
    }

    /** The original recipient as a notification of ours writes it: RFC 3464 §2.3.1. */
    Optional<String> originalRecipientDecoded(MailAddress recipient) {
        return originalRecipient(recipient)
                .map(original -> original.addressType() + ";"
                        + decoded(original.address().encoded()));
    }

    /** What stood in xtext may hold line ends, which must not begin a field of their own. */
    private static String decoded(String xtext) {
        return PeerText.clean(DsnParameters.XText.decode(xtext));
    }

    /** James does not decode what it received, so that what is xtext already stays as it is. */
    private static XText xtext(String text) {
        try {
            return new XText(text);
        } catch (InvalidValueException e) {
            return XText.encode(text);
        }
    }
}
