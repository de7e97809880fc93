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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mail's sender asked of delivery status notifications (RFC 3461), as James keeps it. What a mail host would
 * refuse a command for is not said to it: no mail is lost for the sake of its notifications.
 */
final class DsnRequests {

    private static final Logger LOGGER = LoggerFactory.getLogger(DsnRequests.class);

    private static final int LONGEST_ENVELOPE_ID = 100; // RFC 3461 §4.4, in characters
    private static final int LONGEST_ORIGINAL_RECIPIENT = 500; // RFC 3461 §4.2, in characters

    private final String mail;
    private final Optional<DsnParameters> parameters;

    private DsnRequests(String mail, Optional<DsnParameters> parameters) {
        this.mail = mail;
        this.parameters = parameters;
    }

    static DsnRequests of(Mail mail) {
        return new DsnRequests(mail.getName(), parameters(mail));
    }

    /** James keeps them as attributes, and throws when it reads some that make no sense: those ask for nothing. */
    private static Optional<DsnParameters> parameters(Mail mail) {
        try {
            return mail.dsnParameters();
        } catch (RuntimeException e) {
            SureLog.debug(
                    LOGGER,
                    "Mail {} goes without what its sender asked of notifications: {}",
                    mail.getName(),
                    PeerText.clean(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** RFC 3461 §4.3: how much of the mail a notification returns. */
    Optional<Returned> returned() {
        return parameters.flatMap(DsnParameters::getRetParameter).map(ret -> Returned.valueOf(ret.name()));
    }

    /** RFC 3461 §4.4: the sender's name for the envelope; empty where it cannot be said. */
    Optional<XText> envelopeId() {
        return askedEnvelopeId().filter(id -> canBeSaid("ENVID", id.encoded().length(), LONGEST_ENVELOPE_ID, id));
    }

    private Optional<XText> askedEnvelopeId() {
        return parameters.flatMap(DsnParameters::getEnvIdParameter).flatMap(id -> xtext(id.asString()));
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

    /** RFC 3461 §4.2: the recipient as the sender wrote it; empty where that cannot be said. */
    Optional<OriginalRecipient> originalRecipient(MailAddress recipient) {
        return askedOriginalRecipient(recipient)
                .filter(original -> canBeSaid(
                        "ORCPT", original.toString().length(), LONGEST_ORIGINAL_RECIPIENT, original.address()));
    }

    /** RFC 6533 §3 wants another type for one that is not ASCII. */
    private Optional<OriginalRecipient> askedOriginalRecipient(MailAddress recipient) {
        return of(recipient)
                .flatMap(RecipientDsnParameters::getOrcptParameter)
                .map(MailAddress::asString)
                .filter(address -> address.chars().allMatch(c -> c < 0x80))
                .flatMap(DsnRequests::xtext)
                .map(address -> new OriginalRecipient("rfc822", address));
    }

    private boolean canBeSaid(String parameter, int length, int longest, XText value) {
        // RFC 3461 §4.2, §4.4: before it is encoded, the value is of printable characters alone
        boolean can = length <= longest
                && DsnParameters.XText.decode(value.encoded()).chars().allMatch(c -> c >= ' ' && c <= '~');
        if (!can) {
            SureLog.debug(
                    LOGGER,
                    "Mail {} goes without {}: it has {} characters, of {} at most, or one that is not printable",
                    mail,
                    parameter,
                    length,
                    longest);
        }
        return can;
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
        return askedEnvelopeId().map(DsnRequests::decoded);
    }

    /** The original recipient as a notification of ours writes it: RFC 3464 §2.3.1. */
    Optional<String> originalRecipientDecoded(MailAddress recipient) {
        return askedOriginalRecipient(recipient)
                .map(original -> original.addressType() + ";" + decoded(original.address()));
    }

    /** What stood in xtext may hold line ends, which must not begin a field of their own. */
    private static String decoded(XText text) {
        return PeerText.clean(DsnParameters.XText.decode(text.encoded()));
    }

    /**
     * James does not decode what it received, so that what is xtext already stays as it is. An empty text is none: the
     * value of a parameter has a character at least (RFC 5321 §4.1.2, esmtp-value).
     */
    private static Optional<XText> xtext(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new XText(text));
        } catch (InvalidValueException e) {
            return Optional.of(XText.encode(text));
        }
    }
}
