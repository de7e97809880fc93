package org.jamestls.delivery;

import java.util.Optional;

/**
 * Why a recipient did not get the mail.
 *
 * @param permanent whether another attempt is pointless
 * @param enhancedCode the enhanced status code (RFC 3463), its class as {@code permanent} says
 * @param replyCode the SMTP reply code, where a mail host gave one
 * @param reason what went wrong; safe to show to the sender
 */
public record DeliveryFailure(boolean permanent, String enhancedCode, Optional<Integer> replyCode, String reason) {

    /** What is not the mail's fault nor the mail host's. */
    static final DeliveryFailure INTERNAL = temporary("4.3.0", "internal error of the sending server");

    static DeliveryFailure temporary(String enhancedCode, String reason) {
        return new DeliveryFailure(false, enhancedCode, Optional.empty(), reason);
    }

    static DeliveryFailure permanent(String enhancedCode, String reason) {
        return new DeliveryFailure(true, enhancedCode, Optional.empty(), reason);
    }

    /** The status code of the bounce: class 5, whatever the class while the mail was retried (RFC 3463 §2). */
    String bounceCode() {
        return "5" + enhancedCode.substring(1);
    }
}
