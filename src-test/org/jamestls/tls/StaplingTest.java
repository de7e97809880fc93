package org.jamestls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tls.ProtocolVersion;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.Host;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.CraftedTlsServer;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.TlsServer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Revocation is not checked: whatever OCSP response a mail host staples changes nothing. */
@Timeout(60)
class StaplingTest {

    private static final String MX = "mx.bank.example";
    private static final CertificateAuthority ROOT = CertificateAuthority.root("Trusted Root");
    private static final HeldCertificate RESPONDER = ROOT.issueFor("ocsp.example");
    private static final HeldCertificate PLAIN = ROOT.issueFor(MX);
    private static final HeldCertificate MUST_STAPLE = ROOT.issue(new Request("CN=" + MX)
            .dnsName(MX)
            .extension("1.3.6.1.5.5.7.1.24", false, new DERSequence(new ASN1Integer(5)))); // RFC 7633 §4

    static List<Arguments> staples() throws Exception {
        List<Arguments> rows = new ArrayList<>();
        for (TlsProvider provider : TlsProvider.values()) {
            for (ProtocolVersion version : new ProtocolVersion[] {ProtocolVersion.TLSv12, ProtocolVersion.TLSv13}) {
                for (HeldCertificate certificate : List.of(PLAIN, MUST_STAPLE)) {
                    String row =
                            provider + ", " + version + (certificate == PLAIN ? "" : ", a certificate that demands it");
                    rows.add(arguments(
                            row + ": good",
                            provider,
                            version,
                            certificate,
                            status(certificate, CertificateStatus.GOOD)));
                    rows.add(arguments(
                            row + ": revoked", provider, version, certificate, status(certificate, revoked())));
                    rows.add(arguments(
                            row + ": of another",
                            provider,
                            version,
                            certificate,
                            status(RESPONDER, CertificateStatus.GOOD)));
                    rows.add(arguments(
                            row + ": try later",
                            provider,
                            version,
                            certificate,
                            new OCSPResponse(new OCSPResponseStatus(OCSPResponseStatus.TRY_LATER), null)));
                }
            }
        }
        return rows;
    }

    private static CertificateStatus revoked() {
        return new RevokedStatus(Date.from(Instant.EPOCH), 1);
    }

    private static OCSPResponse status(HeldCertificate certificate, CertificateStatus status) throws Exception {
        DigestCalculator sha1 = new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1);
        X509Certificate issuer = ROOT.certificate();
        CertificateID id = new CertificateID(
                sha1,
                new JcaX509CertificateHolder(issuer),
                new BigInteger(certificate.certificate().getSerialNumber().toByteArray()));
        return OCSPResponse.getInstance(new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        new BasicOCSPRespBuilder(new RespID(new JcaX509CertificateHolder(issuer).getSubject()))
                                .addResponse(id, status)
                                .build(
                                        new JcaContentSignerBuilder("SHA256withECDSA").build(RESPONDER.key()),
                                        null,
                                        new Date()))
                .getEncoded());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("staples")
    void shouldChangeNothing(
            String row, TlsProvider provider, ProtocolVersion version, HeldCertificate certificate, OCSPResponse staple)
            throws Exception {
        TlsClient testee = provider.client(
                TrustedRoots.of(List.of(ROOT.certificate())),
                KeyExchange.CLASSICAL,
                Clock.systemUTC(),
                BouncyCastleTlsClient.HANDSHAKE_LIMIT);
        try (TlsServer server = TlsServer.scripted(CraftedTlsServer.stapling(version, certificate, staple)::serve)) {
            for (TlsRequirement requirement :
                    List.of(new TlsRequirement.Verified(Set.of()), TlsRequirement.ENCRYPTED)) {
                TlsConnection connection = testee.handshake(server.connect(), Host.parse(MX), 25, requirement);
                connection.socket().getOutputStream().write('x');

                assertThat(connection.socket().getInputStream().read()).isEqualTo('x');
                assertThat(connection.negotiated().protocol())
                        .isEqualTo(version == ProtocolVersion.TLSv12 ? "TLSv1.2" : "TLSv1.3");
            }
        }
    }
}
