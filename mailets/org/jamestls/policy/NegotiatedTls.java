package org.jamestls.policy;

/**
 * What a TLS handshake agreed on.
 *
 * @param protocol the protocol version, such as {@code TLSv1.3}
 * @param cipherSuite the cipher suite by its IANA name
 * @param keyExchange the key-exchange group by its IANA name, such as {@code X25519MLKEM768}
 */
public record NegotiatedTls(String protocol, String cipherSuite, String keyExchange) {}
