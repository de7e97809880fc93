package org.jamestls.policy;

/**
 * What names a mail host: a host name or an IP address. It is also the reference identity that the host's certificate
 * has to match (RFC 9525 §2): a DNS-ID for a name, an IP-ID for an address.
 */
public sealed interface Host permits DomainName, IpAddress {

    /** The name as an A-label, or the address as a literal without brackets. */
    String text();

    /**
     * Parses a host name or an IP address, IPv6 with or without brackets.
     *
     * @throws InvalidValueException when the text is neither
     */
    static Host parse(String text) {
        return IpAddress.looksLikeAddress(text) ? IpAddress.parse(text) : DomainName.parse(text);
    }
}
