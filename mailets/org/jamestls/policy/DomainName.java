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
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /** What IDNA 2003, which {@link IDN} implements, maps to other letters and IDNA 2008 keeps (RFC 5894 §7.2). */
    private static final Pattern DEVIATING = Pattern.compile("[\u00df\u1e9e\u03c2\u200c\u200d]");

    public DomainName {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidValueException(
                    "'" + PeerText.clean(text) + "' is longer than " + MAX_LENGTH + " characters; write a domain name");
        }
        String[] labels = text.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new InvalidValueException("'" + PeerText.clean(text)
                        + "' is not a domain name; write labels of letters, digits and hyphens, such as bank.example");
            }
        }
        // RFC 3696 §2: a top-level domain is never all-numeric, which keeps names and IPv4 addresses apart
        if (DIGITS.matcher(labels[labels.length - 1]).matches()) {
            throw new InvalidValueException(
                    "'" + PeerText.clean(text) + "' is not a domain name: its last label is a number");
        }
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
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new InvalidValueException(
                    "'" + PeerText.clean(name) + "' cannot be converted to A-labels; write the A-label (xn--...)");
        }
    }

    private static boolean isAscii(String name) {
        return name.chars().allMatch(c -> c < 0x80);
    }

    /** The name without its first label; empty for a top-level domain. */
    public Optional<DomainName> parent() {
        int dot = text.indexOf('.');
        return dot < 0 ? Optional.empty() : Optional.of(new DomainName(text.substring(dot + 1)));
    }

    /** Whether this name is a proper sub-domain of the other. */
    public boolean isBelow(DomainName ancestor) {
        return text.length() > ancestor.text.length() && text.endsWith("." + ancestor.text);
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
