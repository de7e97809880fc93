package org.jamestls.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.jamestls.certificate.CertificateCheck;
import org.jamestls.certificate.NoValidation;
import org.jamestls.certificate.PolicyTrustManager;
import org.jamestls.certificate.StrongValidation;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.Host;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;

/**
 * TLS by Bouncy Castle's JSSE provider, which brings the post-quantum hybrid to every Java version. The provider is
 * handed over as an object and never registered with the virtual machine, which is the host's.
 */
public final class BouncyCastleTlsClient implements TlsClient {

    /** How long a handshake may take as a whole, where nothing else is said. */
    public static final Duration HANDSHAKE_LIMIT = Duration.ofMinutes(1);

    private final TrustedRoots roots;
    private final TlsOffer offer;
    private final Clock clock;
    private final HandshakeDeadlines deadlines;
    private final Provider provider;
    private final Map<TlsRequirement, Context> contexts = new ConcurrentHashMap<>();

    /**
     * Makes a client.
     *
     * @param roots where certificate chains have to end
     * @param keyExchange the groups to offer
     * @param clock tells the time by which certificates are judged
     * @param handshakeLimit the most that one handshake may take as a whole; each read is bounded by the socket's own
     *     read time-out besides
     */
    public BouncyCastleTlsClient(TrustedRoots roots, KeyExchange keyExchange, Clock clock, Duration handshakeLimit) {
        LibraryLog.quieten();
        this.roots = roots;
        this.offer = new TlsOffer(keyExchange);
        this.clock = clock;
        this.deadlines = new HandshakeDeadlines(handshakeLimit);
        this.provider = new BouncyCastleJsseProvider(
                false, new ObservedCrypto.Provider().setProvider(new BouncyCastleProvider()));
    }

    @Override
    public TlsConnection handshake(Socket socket, Host host, int port, TlsRequirement requirement)
            throws TlsViolationException {
        Context context = contexts.computeIfAbsent(requirement, this::newContext);
        try (HandshakeDeadlines.Deadline deadline = deadlines.start(socket)) {
            try {
                return context.handshake(socket, host, port, offer, deadline);
            } catch (IOException | RuntimeException e) {
                close(socket);
                throw new TlsViolationException(violation(e, deadline), HandshakeFailure.presented(e), e);
            }
        }
    }

    private PolicyViolation violation(Exception failure, HandshakeDeadlines.Deadline deadline) {
        return deadline.met()
                ? HandshakeFailure.violation(failure)
                : HandshakeFailure.handshakeFailed(
                        "timed out after " + deadlines.limit().toMillis() + " ms");
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // the violation is what counts: nothing is sent on this socket any more
        }
    }

    private Context newContext(TlsRequirement requirement) {
        PolicyTrustManager trust = new PolicyTrustManager(check(requirement));
        try {
            SSLContext context = SSLContext.getInstance("TLS", provider);
            context.init(null, new TrustManager[] {trust}, null);
            return new Context(context.getSocketFactory(), trust);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Bouncy Castle's TLS cannot be set up", e);
        }
    }

    private CertificateCheck check(TlsRequirement requirement) {
        if (requirement instanceof TlsRequirement.Verified verified) {
            return new StrongValidation(roots, verified.trustedCommonNames(), clock);
        }
        if (requirement instanceof TlsRequirement.Encrypted || requirement instanceof TlsRequirement.Opportunistic) {
            return new NoValidation();
        }
        throw new IllegalArgumentException(requirement + " asks for no TLS");
    }

    /** What connections of one requirement share. Sessions are not among it. */
    private record Context(SSLSocketFactory factory, PolicyTrustManager trust) {

        /** No session is kept under no name: sessions are found again by the peer's name alone. */
        private static final String NO_SESSION_KEY = null;

        TlsConnection handshake(
                Socket socket, Host host, int port, TlsOffer offer, HandshakeDeadlines.Deadline deadline)
                throws IOException {
            SSLSocket connection = (SSLSocket) factory.createSocket(socket, NO_SESSION_KEY, port, true);
            offer.applyTo((BCSSLSocket) connection, host);
            try (PolicyTrustManager.ExpectedPeer peer = trust.expect(connection, host);
                    ObservedKeyExchange keyExchange = ObservedKeyExchange.begin()) {
                connection.startHandshake();
                SSLSession session = connection.getSession();
                session.invalidate();
                // a resumed session would bring no certificate, and so no verdict
                if (!peer.accepted()) {
                    throw new IOException("the handshake ended without a verdict on the certificate");
                }
                if (!deadline.met()) {
                    throw new IOException("the handshake ended too late");
                }
                return new TlsConnection(
                        connection,
                        new NegotiatedTls(session.getProtocol(), session.getCipherSuite(), keyExchange.group()),
                        peer.presented());
            }
        }
    }
}
