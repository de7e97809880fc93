package org.jamestls.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;

/**
 * A TLS connection that satisfies its requirement, or, under {@link TlsRequirement.Reported}, may be used all the same.
 *
 * @param socket the connection
 * @param negotiated what the handshake agreed on
 * @param presented the certificates as the mail host sent them, its own first
 * @param reported the violation that is told and not enforced
 */
public record TlsConnection(
        SSLSocket socket,
        NegotiatedTls negotiated,
        List<X509Certificate> presented,
        Optional<PolicyViolation> reported) {}
