package org.jamestls.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address, parsed without ever asking the DNS.
 *
 * @param address the address; its host name, if it has one, does not count
 */
public record IpAddress(InetAddress address) implements Host {

    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");

    /** What {@link InetAddress#getByName} takes for an address and never for a name: a digit or a colon comes first. */
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]*");

    public IpAddress {
        try {
            address = InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new InvalidValueException("'" + PeerText.clean(String.valueOf(address)) + "' is not an IP address");
        }
    }

    /**
     * Parses an IPv4 address in dotted decimal, or an IPv6 address (RFC 4291 §2.2) with or without brackets. The tag of
     * an IPv6 address literal ({@code [IPv6:...]}, RFC 5321 §4.1.3) is accepted.
     *
     * @throws InvalidValueException when the text is neither
     */
    public static IpAddress parse(String written) {
        String literal = withoutTag(withoutBrackets(written));
        if (IPV4.matcher(literal).matches() || IPV6.matcher(literal).matches()) {
            try {
                return new IpAddress(InetAddress.getByName(literal));
            } catch (UnknownHostException e) {
                throw notAnAddress(written);
            }
        }
        throw notAnAddress(written);
    }

    /** Whether a text can only be meant as an address: digits and dots alone, a colon, or brackets. */
    public static boolean looksLikeAddress(String written) {
        return written.startsWith("[") || written.indexOf(':') >= 0 || isDigitsAndDots(written);
    }

    private static boolean isDigitsAndDots(String written) {
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !written.isEmpty();
    }

    private static InvalidValueException notAnAddress(String written) {
        return new InvalidValueException("'" + PeerText.clean(written)
                + "' is not an IP address; write one such as 192.0.2.25 or [2001:db8::1]");
    }

    private static String withoutBrackets(String written) {
        return written.startsWith("[") && written.endsWith("]") ? written.substring(1, written.length() - 1) : written;
    }

    private static String withoutTag(String literal) {
        return literal.regionMatches(true, 0, "IPv6:", 0, 5) ? literal.substring(5) : literal;
    }

    @Override
    public String text() {
        return address.getHostAddress();
    }

    /** The address as an SMTP address literal, with brackets and, for IPv6, its tag (RFC 5321 §4.1.3). */
    public String addressLiteral() {
        return address instanceof Inet4Address ? "[" + text() + "]" : "[IPv6:" + text() + "]";
    }

    @Override
    public String toString() {
        return text();
    }
}
