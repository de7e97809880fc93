package org.jamestls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.CraftedTlsServer;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.OfferedHello;
import org.jamestls.testing.TlsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a ClientHello offers, read off the wire, and what comes of it. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@EnumSource(TlsProvider.class)
class TlsOfferTest {

    private static final DomainName MX = new DomainName("mx.bank.example");
    private static final CertificateAuthority ROOT =
            CertificateAuthority.root(new Request("CN=Root"), CertificateAuthority.rsaKeys(2048));
    private static final HeldCertificate RSA =
            ROOT.issue(new Request("CN=" + MX).dnsName(MX.text()), CertificateAuthority.rsaKeys(2048));

    private final TlsClient testee;

    TlsOfferTest(TlsProvider provider) {
        this.testee = client(provider, KeyExchange.HYBRID);
    }

    private static TlsClient client(TlsProvider provider, KeyExchange keyExchange) {
        return provider.client(
                TrustedRoots.of(List.of(ROOT.certificate())),
                keyExchange,
                Clock.systemUTC(),
                BouncyCastleTlsClient.HANDSHAKE_LIMIT);
    }

    private OfferedHello.Offer offer() throws Exception {
        try (OfferedHello server = new OfferedHello()) {
            catchThrowableOfType(
                    TlsViolationException.class,
                    () -> testee.handshake(server.connect(), MX, 25, TlsRequirement.ENCRYPTED));
            return server.await();
        }
    }

    @Test
    void cipherSuitesShouldBeThoseWithEcdheAlone() throws Exception {
        assertThat(offer().cipherSuites())
                .contains("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
                .noneMatch(suite -> suite.startsWith("TLS_DHE") || suite.startsWith("TLS_RSA"));
    }

    @Test
    void signaturesShouldHaveSha256OrBetter() throws Exception {
        assertThat(offer().signatures())
                .contains("ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256", "rsa_pkcs1_sha256")
                .noneMatch(scheme -> scheme.matches(".*(md5|sha1|sha224).*|0[123].."));
    }

    @Test
    void hostThatPrefersDheShouldGetTheEcdheThatItHasToo() throws Exception {
        try (TlsServer server = TlsServer.with(RSA.serverContext(), TlsOfferTest::preferDhe)) {
            TlsConnection connection =
                    testee.handshake(server.connect(), MX, 25, new TlsRequirement.Verified(Set.of()));

            assertThat(connection.negotiated().cipherSuite()).isEqualTo("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
            assertThat(echo(connection)).isEqualTo('x');
        }
    }

    private static void preferDhe(SSLSocket socket) {
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setUseCipherSuitesOrder(true);
        parameters.setCipherSuites(
                new String[] {"TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
        socket.setSSLParameters(parameters);
    }

    private static int echo(TlsConnection connection) throws IOException {
        connection.socket().getOutputStream().write('x');
        return connection.socket().getInputStream().read();
    }

    /** RFC 9155 §3, and RFC 5246 §7.4.3: a host signs with what was offered. */
    @ParameterizedTest
    @CsvSource({"ecdsa_secp256r1_sha256, true", "ecdsa_sha1, false"})
    void signatureShouldCountOnlyIfItWasOffered(String scheme, boolean offered) throws Exception {
        SignatureAndHashAlgorithm signature = SignatureScheme.getSignatureAndHashAlgorithm(
                scheme.equals("ecdsa_sha1") ? SignatureScheme.ecdsa_sha1 : SignatureScheme.ecdsa_secp256r1_sha256);
        HeldCertificate certificate = ROOT.issueFor(MX.text());
        try (TlsServer server = TlsServer.scripted(CraftedTlsServer.signing(certificate, signature)::serve)) {
            for (TlsRequirement requirement :
                    List.of(new TlsRequirement.Verified(Set.of()), TlsRequirement.ENCRYPTED)) {
                TlsViolationException refused = catchThrowableOfType(
                        TlsViolationException.class, () -> testee.handshake(server.connect(), MX, 25, requirement));

                assertThat(refused == null).as("%s", refused).isEqualTo(offered);
            }
        }
    }
}
