package org.jamestls.policy;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A fully qualified domain name in the form in which names are compared: lower-case A-labels (RFC 5890 §2.3.2.1),
 * without a trailing dot.
 *
 * @param text the name; {@link #parse} makes one from what people write
 */
public record DomainName(String text) implements Host, Comparable<DomainName> {

    private static final int MAX_LENGTH = 253; // RFC 1035 §2.3.4: 255 octets on the wire
    private static final int MAX_LABEL_LENGTH = 63; // RFC 1035 §2.3.4

    /** What IDNA 2003, which {@link IDN} implements, maps to other letters and IDNA 2008 keeps (RFC 5894 §7.2). */
    private static final Pattern DEVIATING = Pattern.compile("[\u00df\u1e9e\u03c2\u200c\u200d]");

    public DomainName {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidValueException(
                    "'" + PeerText.clean(text) + "' is longer than " + MAX_LENGTH + " characters; write a domain name");
        }
        int labelStart = 0;
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', labelStart)) {
            checkLabel(text, labelStart, dot);
            labelStart = dot + 1;
        }
        checkLabel(text, labelStart, text.length());
        // RFC 3696 §2: a top-level domain is never all-numeric, which keeps names and IPv4 addresses apart
        if (isNumber(text, labelStart)) {
            throw new InvalidValueException("'" + PeerText.clean(text)
                    + "' is not a domain name: its last label is a number; write a name such as bank.example");
        }
    }

    private static void checkLabel(String text, int start, int end) {
        int length = end - start;
        boolean valid = length >= 1
                && length <= MAX_LABEL_LENGTH
                && text.charAt(start) != '-' // RFC 952: neither first nor last
                && text.charAt(end - 1) != '-';
        for (int i = start; valid && i < end; i++) {
            char c = text.charAt(i);
            valid = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
        }
        if (!valid) {
            throw new InvalidValueException("'" + PeerText.clean(text)
                    + "' is not a domain name; write labels of letters, digits and hyphens, such as bank.example");
        }
    }

    private static boolean isNumber(String text, int start) {
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * Parses a mail domain or the name of a mail host as people write it: upper case, U-labels and one trailing dot are
     * accepted.
     *
     * @throws InvalidValueException when the text is no domain name, or a U-label whose A-label depends on the version
     *     of IDNA; such a name has to be written as an A-label
     */
    public static DomainName parse(String written) {
        DomainName name = parseDns(written);
        // RFC 5321 §4.1.2: sub-domain = Let-dig [Ldh-str]
        if (name.text.indexOf('_') >= 0) {
            throw new InvalidValueException("'" + PeerText.clean(written)
                    + "' is not a domain name: '_' cannot occur in one; write letters, digits and hyphens");
        }
        return name;
    }

    /**
     * Parses a name that the DNS gave, where an underscore may occur in a host name.
     *
     * @throws InvalidValueException as {@link #parse} does
     */
    public static DomainName parseDns(String written) {
        String withoutDot = written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
        return new DomainName(isAscii(withoutDot) ? withoutDot.toLowerCase(Locale.ROOT) : toALabels(withoutDot));
    }

    private static String toALabels(String name) {
        if (DEVIATING.matcher(name).find()) {
            throw new InvalidValueException("'" + PeerText.clean(name)
                    + "' has a letter that IDNA 2003 and IDNA 2008 encode differently; write the A-label (xn--...)");
        }
        try {
            return IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (RuntimeException e) { // what IDN throws differs between Java versions
            throw new InvalidValueException(
                    "'" + PeerText.clean(name) + "' cannot be converted to A-labels; write the A-label (xn--...)");
        }
    }

    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** The name without its first label; empty for a top-level domain. */
    public Optional<DomainName> parent() {
        int dot = text.indexOf('.');
        return dot < 0 ? Optional.empty() : Optional.of(new DomainName(text.substring(dot + 1)));
    }

    /** Whether this name is a proper sub-domain of the other. */
    public boolean isBelow(DomainName ancestor) {
        return text.endsWith(ancestor.text)
                && text.length() > ancestor.text.length()
                && text.charAt(text.length() - ancestor.text.length() - 1) == '.';
    }

    @Override
    public int compareTo(DomainName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
