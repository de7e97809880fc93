package org.jamestls.delivery;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.IpAddress;

/**
 * An address of the operator's own network, which strangers do not get to see, however a mail host spells it.
 *
 * @param address the address
 * @param instead what they see
 */
record ConcealedAddress(IpAddress address, String instead) {

    /** What may be an address, perhaps with more behind it; the tag is that of RFC 5321 §4.1.3. */
    private static final Pattern CANDIDATE = Pattern.compile("(?i)(?<![0-9A-Z])(?:IPv6:)?([0-9A-F:][0-9A-F:.]*)");

    /** The text without the address. */
    String outOf(String text) {
        Matcher candidate = CANDIDATE.matcher(text);
        StringBuilder shown = new StringBuilder();
        while (candidate.find()) {
            String rest = candidate.group(1);
            int end = endOfAddress(rest);
            if (end > 0) {
                candidate.appendReplacement(shown, Matcher.quoteReplacement(instead + rest.substring(end)));
            }
        }
        return candidate.appendTail(shown).toString();
    }

    /** Where the address ends that the text begins with; 0 where it begins with another one, or none. */
    private int endOfAddress(String text) {
        for (int end = text.length();
                end > 0;
                end = Math.max(text.lastIndexOf(':', end - 1), text.lastIndexOf('.', end - 1))) {
            if (isAddress(text.substring(0, end))) {
                return end;
            }
        }
        return 0;
    }

    private boolean isAddress(String text) {
        try {
            return IpAddress.looksLikeAddress(text) && IpAddress.parse(text).equals(address);
        } catch (InvalidValueException e) {
            return false;
        }
    }
}
