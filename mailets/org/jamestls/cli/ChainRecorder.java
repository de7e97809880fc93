package org.jamestls.cli;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jamestls.certificate.PresentedCertificate;
import org.jamestls.policy.Host;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.tls.TlsClient;
import org.jamestls.tls.TlsConnection;
import org.jamestls.tls.TlsViolationException;

/** Remembers which certificates the last handshake brought, whether they satisfied or not. For one thread. */
final class ChainRecorder implements TlsClient {

    private final TlsClient client;
    private List<X509Certificate> presented = List.of();

    ChainRecorder(TlsClient client) {
        this.client = client;
    }

    @Override
    public TlsConnection handshake(Socket socket, Host host, int port, TlsRequirement requirement)
            throws TlsViolationException {
        return recorded(client, socket, host, port, requirement);
    }

    @Override
    public Optional<TlsClient> withSmallHello() {
        return client.withSmallHello()
                .map(small -> (socket, host, port, requirement) -> recorded(small, socket, host, port, requirement));
    }

    private TlsConnection recorded(TlsClient by, Socket socket, Host host, int port, TlsRequirement requirement)
            throws TlsViolationException {
        try {
            TlsConnection connection = by.handshake(socket, host, port, requirement);
            presented = connection.presented();
            return connection;
        } catch (TlsViolationException e) {
            presented = e.presented();
            throw e;
        }
    }

    /** The mail host's own certificate first; empty where none came. */
    List<PresentedCertificate> presented() {
        return presented.stream().map(PresentedCertificate::of).toList();
    }
}
