package org.jamestls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.Host;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CraftedTlsServer;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.TlsServer;
import org.jamestls.testing.UndecodableKeys;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mail host whose certificate has a key that cannot be decoded: refused, and the certificate is there to be shown. */
@Timeout(60)
class UndecodableKeyTest {

    private static final String MX = "mx.bank.example";
    private static final SignatureAndHashAlgorithm SIGNATURE =
            SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256);

    private final TlsClient testee = TlsProvider.BOUNCYCASTLE.client(
            TrustedRoots.of(List.of(CertificateAuthority.root("Trusted Root").certificate())),
            KeyExchange.CLASSICAL,
            Clock.systemUTC(),
            BouncyCastleTlsClient.HANDSHAKE_LIMIT);

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.jamestls.testing.UndecodableKeys#rows")
    void certificateShouldBeShown(String why, SubjectPublicKeyInfo key) throws Exception {
        X509Certificate certificate = UndecodableKeys.certificate(MX, key);
        HeldCertificate held = new HeldCertificate(CertificateAuthority.ecKeys().getPrivate(), List.of(certificate));
        for (ProtocolVersion version : new ProtocolVersion[] {ProtocolVersion.TLSv12, ProtocolVersion.TLSv13}) {
            try (TlsServer server =
                    TlsServer.scripted(new CraftedTlsServer(version, held, Optional.empty(), SIGNATURE)::serve)) {
                for (TlsRequirement requirement :
                        List.of(new TlsRequirement.Verified(Set.of()), TlsRequirement.ENCRYPTED)) {
                    TlsViolationException refused = catchThrowableOfType(
                            TlsViolationException.class,
                            () -> testee.handshake(server.connect(), Host.parse(MX), 25, requirement));

                    assertThat(refused).as("%s, %s", version, requirement).isNotNull();
                    assertThat(refused.presented())
                            .as("%s, %s: %s", version, requirement, refused)
                            .extracting(X509Certificate::getEncoded)
                            .containsExactly(certificate.getEncoded());
                }
            }
        }
    }
}
