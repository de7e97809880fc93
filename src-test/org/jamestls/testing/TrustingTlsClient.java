package org.jamestls.testing;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.Host;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.policy.Violation;
import org.jamestls.tls.TlsClient;
import org.jamestls.tls.TlsConnection;
import org.jamestls.tls.TlsViolationException;

/** The JDK's TLS, which trusts one authority and no other, for tests of what happens around a handshake. */
public final class TrustingTlsClient implements TlsClient {

    private final SSLContext context;

    public TrustingTlsClient(CertificateAuthority trusted) {
        try {
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            roots.setCertificateEntry("root", trusted.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(roots);
            context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public TlsConnection handshake(Socket socket, Host host, int port, TlsRequirement requirement)
            throws TlsViolationException {
        try {
            SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host.text(), port, true);
            SSLParameters parameters = secured.getSSLParameters();
            if (host instanceof DomainName name) {
                parameters.setServerNames(List.of(new SNIHostName(name.text())));
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            return new TlsConnection(
                    secured,
                    new NegotiatedTls(
                            secured.getSession().getProtocol(),
                            secured.getSession().getCipherSuite(),
                            "unknown"));
        } catch (IOException e) {
            throw new TlsViolationException(
                    new PolicyViolation(Violation.HANDSHAKE_FAILED, "a handshake", String.valueOf(e.getMessage())), e);
        }
    }
}
