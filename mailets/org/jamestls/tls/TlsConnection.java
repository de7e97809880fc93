package org.jamestls.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jamestls.policy.NegotiatedTls;

/**
 * A TLS connection that satisfies its requirement.
 *
 * @param socket the connection
 * @param negotiated what the handshake agreed on
 * @param presented the certificates as the mail host sent them, its own first
 */
public record TlsConnection(SSLSocket socket, NegotiatedTls negotiated, List<X509Certificate> presented) {}
