package org.jamestls.smtp;

import java.util.regex.Pattern;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.PeerText;

/**
 * A mailbox as it stands between the angle brackets of MAIL and RCPT (RFC 5321 §4.1.2). No control character, line
 * break, or bracket outside quotes can occur in one, so no address can end its command and begin another.
 *
 * @param localPart what precedes the {@code @}, quoted where it has to be
 * @param domain the domain as an A-label, or an address literal with its brackets
 */
public record EnvelopeAddress(String localPart, String domain) {

    // Deviation: RFC 5321 §4.1.2 forbids leading, trailing and doubled dots; mailboxes with them exist, and the mail
    // host decides
    private static final Pattern DOT_STRING = Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Z}()<>\\[\\]:;@\\\\,\"]+");
    private static final Pattern QUOTED_STRING =
            Pattern.compile("\"(?:[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\\\\"]|\\\\[ -~])*+\"");

    public EnvelopeAddress {
        if (!DOT_STRING.matcher(localPart).matches()
                && !QUOTED_STRING.matcher(localPart).matches()) {
            throw new InvalidValueException("'" + PeerText.clean(localPart)
                    + "' is not the local part of an address: it is empty, or has a character that has to be quoted");
        }
        domain = domain.startsWith("[")
                ? IpAddress.parse(domain).addressLiteral()
                : DomainName.parseDns(domain).text();
    }

    /**
     * Parses {@code local@domain}, without angle brackets or source route.
     *
     * @throws InvalidValueException when the text cannot be sent as an address
     */
    public static EnvelopeAddress parse(String written) {
        int at = written.lastIndexOf('@');
        if (at < 0) {
            throw new InvalidValueException("'" + PeerText.clean(written) + "' is not an address: it has no @");
        }
        return new EnvelopeAddress(written.substring(0, at), written.substring(at + 1));
    }

    /** Whether the address can be sent only where SMTPUTF8 is offered (RFC 6531 §3.3). */
    public boolean needsSmtpUtf8() {
        return localPart.chars().anyMatch(c -> c > 0x7f);
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
