package org.jamestls.tls;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.Host;
import org.jamestls.policy.TlsRequirement;

/**
 * TLS by the Java virtual machine's own provider. It offers that provider's key-exchange groups, and since it does not
 * tell which was negotiated, neither do we.
 */
public final class JdkTlsClient extends JsseTlsClient {

    /**
     * Makes a client.
     *
     * @param roots where certificate chains have to end
     * @param clock tells the time by which certificates are judged
     * @param handshakeLimit the most that one handshake may take as a whole
     */
    public JdkTlsClient(TrustedRoots roots, Clock clock, Duration handshakeLimit) {
        super(roots, clock, handshakeLimit);
    }

    /** A context for each handshake: this provider keeps sessions with their context, for TLS 1.3 even unasked. */
    @Override
    Context context(TlsRequirement requirement) {
        return newContext(requirement);
    }

    @Override
    SSLContext newContext() throws GeneralSecurityException {
        return SSLContext.getInstance("TLS");
    }

    @Override
    void offer(SSLSocket connection, Host host) {
        SSLParameters parameters = connection.getSSLParameters();
        parameters.setProtocols(TlsOffer.PROTOCOLS.toArray(String[]::new));
        parameters.setCipherSuites(supported(connection).toArray(String[]::new));
        parameters.setAlgorithmConstraints(new SoundSignatures());
        parameters.setServerNames(TlsOffer.serverName(host)
                .<List<SNIServerName>>map(name -> List.of(new SNIHostName(name)))
                .orElse(List.of()));
        connection.setSSLParameters(parameters);
    }

    private static List<String> supported(SSLSocket connection) {
        List<String> supported = List.of(connection.getSupportedCipherSuites());
        return TlsOffer.CIPHER_SUITES.stream().filter(supported::contains).toList();
    }
}
