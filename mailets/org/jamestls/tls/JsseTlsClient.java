package org.jamestls.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jamestls.certificate.CertificateCheck;
import org.jamestls.certificate.NoValidation;
import org.jamestls.certificate.PolicyTrustManager;
import org.jamestls.certificate.StrongValidation;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.Host;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;

/** What every implementation of TLS for Java has in common: the verdict, the deadline, and no session that is resumed. */
abstract class JsseTlsClient implements TlsClient {

    /** No session is kept under no name: sessions are found again by the peer's name alone. */
    private static final String NO_SESSION_KEY = null;

    private final TrustedRoots roots;
    private final Clock clock;
    private final HandshakeDeadlines deadlines;

    JsseTlsClient(TrustedRoots roots, Clock clock, Duration handshakeLimit) {
        this.roots = roots;
        this.clock = clock;
        this.deadlines = new HandshakeDeadlines(handshakeLimit);
    }

    /** What connections of one requirement may share. Sessions are not among it. */
    record Context(SSLSocketFactory factory, PolicyTrustManager trust) {}

    /** The context for a handshake under a requirement. */
    abstract Context context(TlsRequirement requirement);

    /** A context of this implementation, without trust manager yet. */
    abstract SSLContext newContext() throws GeneralSecurityException;

    /** Says on a socket what its ClientHello is to offer. */
    abstract void offer(SSLSocket connection, Host host);

    final Context newContext(TlsRequirement requirement) {
        PolicyTrustManager trust = trust(requirement);
        try {
            SSLContext context = newContext();
            context.init(null, new TrustManager[] {trust}, null);
            return new Context(context.getSocketFactory(), trust);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS cannot be set up", e);
        }
    }

    private PolicyTrustManager trust(TlsRequirement requirement) {
        return requirement instanceof TlsRequirement.Reported reported
                ? PolicyTrustManager.reporting(check(reported.wanted()))
                : PolicyTrustManager.enforcing(check(requirement));
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

    @Override
    public final TlsConnection handshake(Socket socket, Host host, int port, TlsRequirement requirement)
            throws TlsViolationException {
        Context context = context(requirement);
        try (HandshakeDeadlines.Deadline deadline = deadlines.start(socket)) {
            try {
                return handshake(context, socket, host, port, deadline);
            } catch (IOException | RuntimeException e) {
                close(socket);
                throw new TlsViolationException(violation(e, deadline), HandshakeFailure.presented(e), e);
            }
        }
    }

    private TlsConnection handshake(
            Context context, Socket socket, Host host, int port, HandshakeDeadlines.Deadline deadline)
            throws IOException {
        SSLSocket connection = (SSLSocket) context.factory().createSocket(socket, NO_SESSION_KEY, port, true);
        offer(connection, host);
        try (PolicyTrustManager.ExpectedPeer peer = context.trust().expect(connection, host);
                ObservedKeyExchange keyExchange = ObservedKeyExchange.begin()) {
            connection.startHandshake();
            SSLSession session = connection.getSession();
            session.invalidate();
            // a resumed session would bring no certificate, and so no verdict
            if (!peer.judged()) {
                throw new IOException("the handshake ended without a verdict on the certificate");
            }
            if (!deadline.met()) {
                throw new IOException("the handshake ended too late");
            }
            return new TlsConnection(
                    connection,
                    new NegotiatedTls(session.getProtocol(), session.getCipherSuite(), keyExchange.group()),
                    peer.presented(),
                    peer.reported());
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
}
