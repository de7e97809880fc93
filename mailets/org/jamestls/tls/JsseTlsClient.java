package org.jamestls.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
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
    private final Duration handshakeLimit;
    private final HandshakeDeadlines deadlines = new HandshakeDeadlines();

    JsseTlsClient(TrustedRoots roots, Clock clock, Duration handshakeLimit) {
        this.roots = roots;
        this.clock = clock;
        this.handshakeLimit = handshakeLimit;
    }

    /** What connections of one requirement may share. Sessions are not among it. */
    record Context(SSLSocketFactory factory, PolicyTrustManager trust, NoClientCertificate keys) {}

    /** The context for a handshake under a requirement. */
    abstract Context context(TlsRequirement requirement);

    /** A context of this implementation, without trust manager yet. */
    abstract SSLContext newContext() throws GeneralSecurityException;

    /** Says on a socket what its ClientHello is to offer. */
    abstract void offer(SSLSocket connection, Host host);

    /** Whether the host may have failed over the size of the ClientHello, since it answered none that a smaller one can mend. */
    boolean leftUnanswered(SSLSocket connection, Exception failure) {
        return false;
    }

    final Context newContext(TlsRequirement requirement) {
        PolicyTrustManager trust = trust(requirement);
        try {
            SSLContext context = newContext();
            NoClientCertificate keys = new NoClientCertificate();
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
            return new Context(context.getSocketFactory(), trust, keys);
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
        try {
            int readTimeout = socket.getSoTimeout();
            socket.setSoTimeout(0); // one deadline bounds the handshake, and tells why it ended
            SSLSocket connection = (SSLSocket) context.factory().createSocket(socket, NO_SESSION_KEY, port, true);
            offer(connection, host);
            TlsConnection secured = handshake(context, connection, socket, host, limit(readTimeout));
            socket.setSoTimeout(readTimeout);
            return secured;
        } catch (TlsViolationException e) {
            close(socket);
            throw e;
        } catch (IOException | RuntimeException e) {
            close(socket);
            throw new TlsViolationException(HandshakeFailure.violation(e, false), List.of(), false, e);
        }
    }

    private Duration limit(int readTimeout) {
        return readTimeout > 0 && readTimeout < handshakeLimit.toMillis()
                ? Duration.ofMillis(readTimeout)
                : handshakeLimit;
    }

    private TlsConnection handshake(Context context, SSLSocket connection, Socket socket, Host host, Duration limit)
            throws TlsViolationException {
        try (HandshakeDeadlines.Deadline deadline = deadlines.start(socket, limit);
                PolicyTrustManager.ExpectedPeer peer = context.trust().expect(connection, host);
                NoClientCertificate.Handshake keys = context.keys().expect(connection);
                ObservedHandshake observed = ObservedHandshake.begin()) {
            try {
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
                        new NegotiatedTls(session.getProtocol(), session.getCipherSuite(), observed.group()),
                        peer.presented(),
                        peer.reported(),
                        keys.asked());
            } catch (IOException | RuntimeException e) {
                PolicyViolation violation =
                        deadline.met() ? HandshakeFailure.violation(e, keys.asked()) : HandshakeFailure.timedOut(limit);
                List<X509Certificate> presented = Stream.of(
                                HandshakeFailure.presented(e), peer.presented(), observed.presented())
                        .filter(certificates -> !certificates.isEmpty())
                        .findFirst()
                        .orElse(List.of());
                throw new TlsViolationException(violation, presented, leftUnanswered(connection, e), e);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // the violation is what counts: nothing is sent on this socket any more
        }
    }
}
