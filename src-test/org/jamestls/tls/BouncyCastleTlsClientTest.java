package org.jamestls.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.TlsServer;
import org.junit.jupiter.api.Test;

class BouncyCastleTlsClientTest {
    @Test
    void handshakeShouldTellWhatWasNegotiated() throws Exception {
        CertificateAuthority root = CertificateAuthority.root("root");
        try (TlsServer server = TlsServer.presenting(root.issueFor("mx.bank.example"))) {
            TlsClient testee = new BouncyCastleTlsClient(
                    TrustedRoots.of(List.of(root.certificate())),
                    KeyExchange.HYBRID,
                    Clock.systemUTC(),
                    BouncyCastleTlsClient.HANDSHAKE_LIMIT);
            TlsConnection c = testee.handshake(
                    server.connect(),
                    new DomainName("mx.bank.example"),
                    25,
                    new TlsRequirement.Verified(java.util.Set.of()));
            c.socket().getOutputStream().write('x');
            assertThat(c.socket().getInputStream().read()).isEqualTo('x');
            assertThat(c.negotiated()).isEqualTo(new NegotiatedTls("TLSv1.3", "TLS_AES_256_GCM_SHA384", "x25519"));
        }
    }
}
