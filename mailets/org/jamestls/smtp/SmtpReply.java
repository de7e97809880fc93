package org.jamestls.smtp;

import java.util.List;
import java.util.Optional;
import org.jamestls.policy.PeerText;

/**
 * A reply of the mail host (RFC 5321 §4.2).
 *
 * @param code the reply code, 200 to 599
 * @param enhancedCode what the first line's text begins with (RFC 2034 §4), when its class is that of the reply code
 * @param lines the texts behind the code as the host sent them, at least one; show {@link #text()} instead
 */
public record SmtpReply(int code, Optional<EnhancedStatusCode> enhancedCode, List<String> lines) {

    private static final int SERVICE_CLOSING = 421; // RFC 5321 §3.8
    private static final int ADDRESSING = 1; // RFC 3463 §3.2

    /** One character more than is shown, so that the cut shows. */
    private static final int LONGEST_KEPT = PeerText.MAX_LENGTH + 1;

    public SmtpReply {
        lines = List.copyOf(lines);
    }

    static SmtpReply of(int code, List<String> lines) {
        // RFC 2034 §4: the class must agree with the first digit of the reply code
        return new SmtpReply(
                code, EnhancedStatusCode.findAtStart(lines.get(0)).filter(found -> found.kind() == code / 100), lines);
    }

    /**
     * This reply with no more of its text than {@link #text()} shows, for as long as a mail lasts: a mail may have
     * thousands of recipients, and a reply half a megabyte.
     */
    SmtpReply abridged() {
        String text = String.join(" ", lines);
        return text.length() <= LONGEST_KEPT
                ? this
                : new SmtpReply(code, enhancedCode, List.of(text.substring(0, LONGEST_KEPT)));
    }

    /** Whether the reply is about an address (RFC 3463 §3.2), as those to MAIL and RCPT are. */
    boolean isAboutAddress() {
        return enhancedCode.filter(found -> found.subject() == ADDRESSING).isPresent();
    }

    public boolean isPositive() {
        return code / 100 == 2;
    }

    public boolean isIntermediate() {
        return code / 100 == 3;
    }

    public boolean isTemporary() {
        return code / 100 == 4;
    }

    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /** Whether the host ends the connection with this reply, whatever the command was. */
    public boolean endsConnection() {
        return code == SERVICE_CLOSING;
    }

    /** The reply's own enhanced code, or the undefined one of its class (RFC 3463 §3.1). */
    public EnhancedStatusCode statusCode() {
        return enhancedCode.orElseGet(() -> new EnhancedStatusCode(code / 100, 0, 0));
    }

    /** All lines' texts, escaped and cut as {@link PeerText} does. */
    public String text() {
        return PeerText.clean(String.join(" ", lines));
    }

    @Override
    public String toString() {
        return code + " " + text();
    }
}
