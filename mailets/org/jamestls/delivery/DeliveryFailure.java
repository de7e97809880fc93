package org.jamestls.delivery;

import java.util.Optional;

/**
 * Why a recipient did not get the mail.
 *
 * @param permanent whether another attempt is pointless
 * @param enhancedCode the enhanced status code (RFC 3463), its class as {@code permanent} says
 * @param replyCode the SMTP reply code, where a mail host gave one
 * @param reason what went wrong; safe to show to the sender; cut to {@value #LONGEST_REASON} characters
 */
public record DeliveryFailure(boolean permanent, String enhancedCode, Optional<Integer> replyCode, String reason) {

    /** The longest reason, in characters: it stands in attributes and log lines, and in bounces at each recipient. */
    static final int LONGEST_REASON = 1000;

    /** Made beforehand, since what goes wrong may be that there is no memory left. */
    static final DeliveryFailure INTERNAL_ERROR = temporary("4.3.0", "internal error of the sending server");

    public DeliveryFailure {
        reason = FirstFew.characters(reason, LONGEST_REASON);
    }

    static DeliveryFailure temporary(String enhancedCode, String reason) {
        return new DeliveryFailure(false, enhancedCode, Optional.empty(), reason);
    }

    static DeliveryFailure permanent(String enhancedCode, String reason) {
        return new DeliveryFailure(true, enhancedCode, Optional.empty(), reason);
    }

    /** The same failure, of which a later attempt may find the end. */
    DeliveryFailure thatMayPass() {
        return new DeliveryFailure(false, "4" + enhancedCode.substring(1), replyCode, reason);
    }

    /** The status code of the bounce: class 5, whatever the class while the mail was retried (RFC 3463 §2). */
    String bounceCode() {
        return "5" + enhancedCode.substring(1);
    }
}
