package org.jamestls.smtp;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;

/**
 * Text in the encoding of DSN parameters (RFC 3461 §4).
 *
 * @param encoded printable ASCII, in which {@code +} and two hexadecimal digits stand for another character
 */
public record XText(String encoded) {

    /** Possessive, since a group that may give back what it took goes deeper into the stack with every character. */
    private static final Pattern VALID = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})++");

    public XText {
        if (!VALID.matcher(encoded).matches()) {
            throw new InvalidValueException("'" + PeerText.clean(encoded)
                    + "' is not xtext; write printable ASCII, with +20 for a space and +2B for a plus");
        }
    }

    /** Encodes any text that is not empty. */
    public static XText encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            // RFC 3461 §4: xchar is any of "!" to "~" except "+" and "="
            boolean plain = octet >= '!' && octet <= '~' && octet != '+' && octet != '=';
            encoded.append(plain ? String.valueOf((char) octet) : String.format("+%02X", octet));
        }
        return new XText(encoded.toString());
    }

    @Override
    public String toString() {
        return encoded;
    }
}
