package org.jamestls.smtp;

import org.jamestls.policy.Host;
import org.jamestls.policy.IpAddress;

/**
 * One of a mail host's addresses: where a connection goes.
 *
 * @param host the mail host as the route names it, the reference identity of its certificate
 * @param address one of its addresses; the host itself where the route names an address
 * @param port the TCP port
 */
public record MailHostAddress(Host host, IpAddress address, int port) {

    /** A mail host that the route names by its address. */
    public static MailHostAddress of(IpAddress address, int port) {
        return new MailHostAddress(address, address, port);
    }

    @Override
    public String toString() {
        return host.equals(address) ? "[" + address + "]:" + port : host + "[" + address + "]:" + port;
    }
}
