package org.jamestls.tls;

import javax.net.ssl.SSLSocket;
import org.jamestls.policy.NegotiatedTls;

/**
 * A TLS connection that satisfies its requirement.
 *
 * @param socket the connection
 * @param negotiated what the handshake agreed on
 */
public record TlsConnection(SSLSocket socket, NegotiatedTls negotiated) {}
