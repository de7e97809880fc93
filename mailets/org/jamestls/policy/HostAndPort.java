package org.jamestls.policy;

/**
 * A mail host and its port.
 *
 * @param host the name or IP address
 * @param port the TCP port, 1 to 65535
 */
public record HostAndPort(Host host, int port) {

    /** The port of SMTP between mail servers (RFC 5321 §4.5.4.2). */
    public static final int SMTP_PORT = 25;

    private static final String FORMS =
            "write host, IP, host:port or IP:port, with brackets around an IPv6 address that has a port";

    public HostAndPort {
        if (port < 1 || port > 65535) {
            throw new InvalidValueException(port + " is not a port; write a number from 1 to 65535");
        }
    }

    /**
     * Parses {@code host}, {@code IP}, {@code host:port} or {@code IP:port}. An IPv6 address with a port has brackets;
     * without one it may be bare.
     *
     * @param defaultPort the port of a text that names none
     * @throws InvalidValueException when the text is none of these
     */
    public static HostAndPort parse(String text, int defaultPort) {
        int colon = portSeparator(text);
        if (colon < 0) {
            return new HostAndPort(parseHost(text), defaultPort);
        }
        return new HostAndPort(parseHost(text.substring(0, colon)), parsePort(text.substring(colon + 1), text));
    }

    private static int portSeparator(String text) {
        int colon = text.lastIndexOf(':');
        boolean bareIpv6 = !text.startsWith("[") && text.indexOf(':') != colon;
        boolean insideBrackets = text.startsWith("[") && colon < text.lastIndexOf(']');
        return bareIpv6 || insideBrackets ? -1 : colon;
    }

    private static Host parseHost(String host) {
        try {
            return Host.parse(host);
        } catch (InvalidValueException e) {
            throw new InvalidValueException(e.getMessage() + "; " + FORMS);
        }
    }

    private static int parsePort(String port, String whole) {
        if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new InvalidValueException(
                    "'" + PeerText.clean(whole) + "' does not end in a port from 1 to 65535; " + FORMS);
        }
        return Integer.parseInt(port);
    }

    @Override
    public String toString() {
        return (host.text().indexOf(':') < 0 ? host.text() : "[" + host.text() + "]") + ":" + port;
    }
}
