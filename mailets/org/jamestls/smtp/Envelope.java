package org.jamestls.smtp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jamestls.policy.InvalidValueException;

/**
 * Who sends a mail and who is to get it.
 *
 * @param sender the reverse path; empty for the null sender of bounces (RFC 5321 §4.5.5)
 * @param recipients at least one; an address that occurs twice counts once
 * @param returned how much of the mail a notification of failure returns (RFC 3461 §4.3)
 * @param envelopeId the sender's name for this envelope (RFC 3461 §4.4)
 * @param priority the priority that the sender asked for (RFC 6710 §3), from -9 to 9
 * @param requireTls whether the mail goes only to hosts that pass on the sender's wish for TLS (RFC 8689); a bounce goes
 *     to others too
 */
public record Envelope(
        Optional<EnvelopeAddress> sender,
        List<Recipient> recipients,
        Optional<Returned> returned,
        Optional<XText> envelopeId,
        OptionalInt priority,
        boolean requireTls) {

    /** The highest priority; the lowest is its negative (RFC 6710 §3). */
    public static final int HIGHEST_PRIORITY = 9;

    /** The value of RET. */
    public enum Returned {
        FULL,
        HDRS
    }

    public Envelope {
        Map<EnvelopeAddress, Recipient> once = new LinkedHashMap<>();
        recipients.forEach(recipient -> once.putIfAbsent(recipient.address(), recipient));
        recipients = List.copyOf(once.values());
        if (recipients.isEmpty()) {
            throw new InvalidValueException("an envelope has at least one recipient");
        }
        if (Math.abs(priority.orElse(0)) > HIGHEST_PRIORITY) {
            throw new InvalidValueException("a priority is from -9 to 9, not " + priority.getAsInt());
        }
    }

    /** An envelope without requests about delivery status notifications, priority or TLS. */
    public static Envelope of(Optional<EnvelopeAddress> sender, List<EnvelopeAddress> recipients) {
        return new Envelope(
                sender,
                recipients.stream().map(Recipient::of).toList(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                false);
    }
}
