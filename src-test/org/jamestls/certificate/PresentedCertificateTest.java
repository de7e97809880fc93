package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.UndecodableKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PresentedCertificateTest {

    private static final CertificateAuthority ROOT = CertificateAuthority.root("Root");

    @Test
    void ofShouldTellWhatACertificateSays() throws Exception {
        X509Certificate certificate = ROOT.issue(new Request("O=Bank,CN=mx.bank.example")
                        .dnsName("mx.bank.example")
                        .ipAddress("192.0.2.25")
                        .ipAddress("2001:db8::1"))
                .certificate();

        PresentedCertificate presented = PresentedCertificate.of(certificate);

        assertThat(presented.subject()).isEqualTo("CN=mx.bank.example,O=Bank");
        assertThat(presented.issuer()).isEqualTo("CN=Root");
        assertThat(presented.commonName()).contains("mx.bank.example");
        assertThat(presented.dnsNames()).containsExactly("mx.bank.example");
        assertThat(presented.ipAddresses()).containsExactly("192.0.2.25", "2001:db8:0:0:0:0:0:1");
        assertThat(presented.notBefore()).isEqualTo(certificate.getNotBefore().toInstant());
        assertThat(presented.notAfter()).isEqualTo(certificate.getNotAfter().toInstant());
        assertThat(presented.sha256()).isEqualTo(sha256(certificate.getEncoded()));
        assertThat(presented.publicKeySha256())
                .isEqualTo(sha256(certificate.getPublicKey().getEncoded()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.jamestls.testing.UndecodableKeys#rows")
    void ofShouldShowACertificateWithoutDecodingItsKey(String why, SubjectPublicKeyInfo key) throws Exception {
        X509Certificate certificate = UndecodableKeys.certificate("mx.bank.example", key);

        PresentedCertificate presented = PresentedCertificate.of(certificate);

        assertThat(presented.commonName()).as(why).contains("mx.bank.example");
        assertThat(presented.publicKeySha256()).isEqualTo(sha256(key.getEncoded()));
        assertThat(PresentedCertificate.describe(certificate)).contains("CN=mx.bank.example");
    }

    @Test
    void ofShouldEscapeWhatThePeerMadeUp() {
        PresentedCertificate presented = PresentedCertificate.of(
                ROOT.issue(new Request("CN=a\\0Ab").dnsName("a\r\nb")).certificate());

        assertThat(presented.commonName()).contains("a\\u000ab");
        assertThat(presented.dnsNames()).containsExactly("a\\u000d\\u000ab");
    }

    @Test
    void ofShouldLeaveOutWhatIsNotThere() {
        PresentedCertificate presented =
                PresentedCertificate.of(ROOT.issue(new Request("O=Bank")).certificate());

        assertThat(presented.commonName()).isEqualTo(Optional.empty());
        assertThat(presented.dnsNames()).isEmpty();
        assertThat(presented.ipAddresses()).isEmpty();
    }

    @Test
    void describeShouldShowFewOfManyNamesAndTheIssuerStill() {
        Request request = new Request("O=Hosting");
        for (int i = 0; i < 100; i++) {
            request.dnsName("mx" + i + ".hosting.example");
        }

        assertThat(PresentedCertificate.describe(ROOT.issue(request).certificate()))
                .startsWith("no CN, DNS:mx0.hosting.example, DNS:mx1.hosting.example, DNS:mx2.hosting.example"
                        + ", DNS:mx3.hosting.example, 96 more, issuer CN=Root, valid from ");
    }

    @Test
    void describeShouldNotLetOneNamePassForSeveral() {
        assertThat(PresentedCertificate.describe(
                        ROOT.issue(new Request("CN=x\\, DNS:mx.bank.example")).certificate()))
                .startsWith("CN=\"x, DNS:mx.bank.example\", issuer");
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
