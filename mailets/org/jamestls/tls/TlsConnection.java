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
 * @param clientCertificateWanted whether the mail host asked for a certificate of ours, which it did not get
 */
public record TlsConnection(
        SSLSocket socket,
        NegotiatedTls negotiated,
        List<X509Certificate> presented,
        Optional<PolicyViolation> reported,
        boolean clientCertificateWanted) {

    /**
     * The violation of a connection that ended before the mail host had said a word over it: until then it may not have
     * accepted the handshake (RFC 8446 §4.4.2.4).
     *
     * @param failure what was thrown
     * @param told what to say of it where nothing more exact is known
     */
    public PolicyViolation endedUnused(Throwable failure, String told) {
        return HandshakeFailure.afterwards(failure, clientCertificateWanted, told);
    }
}
