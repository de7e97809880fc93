package org.jamestls.smtp;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jamestls.policy.InvalidValueException;

/**
 * One recipient of a transaction, with what the sender asked of delivery status notifications.
 *
 * @param address where the mail goes
 * @param notifyOn when to send a notification (RFC 3461 §4.1); empty to leave it to the mail host
 * @param originalRecipient the recipient as the sender wrote it (RFC 3461 §4.2)
 */
public record Recipient(EnvelopeAddress address, Set<Notify> notifyOn, Optional<OriginalRecipient> originalRecipient) {

    /** When to send a delivery status notification. */
    public enum Notify {
        NEVER,
        SUCCESS,
        FAILURE,
        DELAY
    }

    /**
     * The value of ORCPT.
     *
     * @param addressType such as {@code rfc822}
     * @param address the address in that type
     */
    public record OriginalRecipient(String addressType, XText address) {
        public OriginalRecipient {
            if (!addressType.matches("[A-Za-z0-9-]+")) {
                throw new InvalidValueException(
                        "an address type consists of letters, digits and hyphens; write rfc822");
            }
        }

        @Override
        public String toString() {
            return addressType + ";" + address;
        }
    }

    public Recipient {
        // RFC 3461 §4.1: NEVER stands alone
        if (notifyOn.contains(Notify.NEVER) && notifyOn.size() > 1) {
            throw new InvalidValueException("NEVER excludes every other value of NOTIFY");
        }
        notifyOn = notifyOn.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(notifyOn));
    }

    /** A recipient about whom the sender asked nothing. */
    public static Recipient of(EnvelopeAddress address) {
        return new Recipient(address, Set.of(), Optional.empty());
    }
}
