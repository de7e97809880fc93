package org.jamestls.certificate;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jamestls.policy.Host;
import org.jamestls.policy.PolicyViolation;

/**
 * Lets a {@link CertificateCheck} judge each connection of one TLS context. Every handshake is announced with
 * {@link #expect} first, so that simultaneous handshakes with different hosts cannot be confused, and so that a handshake
 * in which nobody asked for a verdict is noticed. Safe for use by several threads.
 */
public final class PolicyTrustManager extends X509ExtendedTrustManager {

    private static final X509Certificate[] NO_ISSUERS = {};

    private final CertificateCheck check;
    private final boolean reportOnly;
    private final Map<Socket, ExpectedPeer> expectedPeers = new ConcurrentHashMap<>();

    /** A trust manager that lets no handshake end whose certificates violate the check. */
    public static PolicyTrustManager enforcing(CertificateCheck check) {
        return new PolicyTrustManager(check, false);
    }

    /**
     * A trust manager that keeps the verdict for whoever announced the handshake, and lets it go on even so. That is what
     * the operator asks for with {@code <mode>report</mode>}: mail to the domain is to be delivered whatever the verdict
     * is, and TLS with the wrong peer is no worse than the clear, which the mode allows. No connection of it may serve a
     * policy that is enforced.
     */
    public static PolicyTrustManager reporting(CertificateCheck check) {
        return new PolicyTrustManager(check, true);
    }

    private PolicyTrustManager(CertificateCheck check, boolean reportOnly) {
        this.check = check;
        this.reportOnly = reportOnly;
    }

    /**
     * Announces a handshake.
     *
     * @param connection the TLS socket, not the one below it
     * @param host the reference identity
     */
    public ExpectedPeer expect(Socket connection, Host host) {
        ExpectedPeer peer = new ExpectedPeer(connection, host);
        expectedPeers.put(connection, peer);
        return peer;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket connection)
            throws CertificateException {
        ExpectedPeer peer = expectedPeers.get(connection);
        if (peer == null) {
            throw new CertificateException("the handshake of this connection was not announced");
        }
        List<X509Certificate> presented = List.of(chain);
        Optional<PolicyViolation> violation = check.check(presented, peer.host);
        if (violation.isPresent() && !reportOnly) {
            throw new CertificateViolationException(violation.get(), presented);
        }
        peer.presented = presented;
        peer.reported = violation;
        peer.judged = true;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a certificate is judged for a connection, and none was named");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no client is trusted: this side is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket connection)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    /** Nothing: a client names no authorities to a server. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NO_ISSUERS.clone();
    }

    /** One announced handshake, until it is closed. */
    public final class ExpectedPeer implements AutoCloseable {
        private final Socket connection;
        private final Host host;
        private volatile List<X509Certificate> presented = List.of();
        private volatile Optional<PolicyViolation> reported = Optional.empty();
        private volatile boolean judged;

        private ExpectedPeer(Socket connection, Host host) {
            this.connection = connection;
            this.host = host;
        }

        /** Whether the check was asked about this very connection, and the handshake may go on. */
        public boolean judged() {
            return judged;
        }

        /** The violation that did not end the handshake; always empty where violations do. */
        public Optional<PolicyViolation> reported() {
            return reported;
        }

        /** The certificates that were judged, as the peer sent them, its own first. */
        public List<X509Certificate> presented() {
            return presented;
        }

        @Override
        public void close() {
            expectedPeers.remove(connection);
        }
    }
}
