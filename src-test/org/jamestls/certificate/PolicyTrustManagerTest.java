package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.Violation;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.ShapedChain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTrustManagerTest {

    private static final String TYPE = "ECDHE_ECDSA";
    private static final DomainName A = new DomainName("a.example");
    private static final DomainName B = new DomainName("b.example");

    private final CertificateAuthority root = CertificateAuthority.root("Root");
    private final X509Certificate[] chainOfA = chain("a.example");
    private final X509Certificate[] chainOfB = chain("b.example");
    private final StrongValidation validation =
            new StrongValidation(TrustedRoots.of(List.of(root.certificate())), Set.of(), Clock.systemUTC());
    private final PolicyTrustManager testee = PolicyTrustManager.enforcing(validation);
    private final Socket connectionToA = new Socket();
    private final Socket connectionToB = new Socket();

    @Test
    void verdictShouldBeGivenForTheConnectionItIsAbout() throws Exception {
        PolicyTrustManager.ExpectedPeer a = testee.expect(connectionToA, A);
        PolicyTrustManager.ExpectedPeer b = testee.expect(connectionToB, B);

        testee.checkServerTrusted(chainOfB, TYPE, connectionToB);

        assertThat(b.judged()).isTrue();
        assertThat(a.judged()).isFalse();
    }

    @Test
    void certificateOfAnotherHostShouldBeRefusedWhenBothAreExpectedAtOnce() {
        PolicyTrustManager.ExpectedPeer a = testee.expect(connectionToA, A);
        testee.expect(connectionToB, B);

        assertThatThrownBy(() -> testee.checkServerTrusted(chainOfB, TYPE, connectionToA))
                .isInstanceOfSatisfying(
                        CertificateViolationException.class,
                        e -> assertThat(e.violation().violation()).isEqualTo(Violation.CERTIFICATE_NAME_MISMATCH));
        assertThat(a.judged()).isFalse();
    }

    @Test
    void violationShouldBeKeptAndNotThrownWhenItIsOnlyReported() throws Exception {
        PolicyTrustManager reporting = PolicyTrustManager.reporting(validation);
        PolicyTrustManager.ExpectedPeer a = reporting.expect(connectionToA, A);
        PolicyTrustManager.ExpectedPeer b = reporting.expect(connectionToB, B);

        reporting.checkServerTrusted(chainOfB, TYPE, connectionToA);
        reporting.checkServerTrusted(chainOfB, TYPE, connectionToB);

        assertThat(a.judged()).isTrue();
        assertThat(a.reported())
                .hasValueSatisfying(
                        found -> assertThat(found.violation()).isEqualTo(Violation.CERTIFICATE_NAME_MISMATCH));
        assertThat(b.reported()).isEmpty();
    }

    /** On constraints like these the platform's own path validation breaks instead of giving a verdict. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "exclude.dns=",
                "exclude.other=x / exclude.other=y",
                "permit.other=x / permit.other=y",
                "permit.x400=x / permit.x400=x",
                "permit.rid=x / permit.rid=x",
                "permit.dns= / permit.dns= / permit.dns=a.example",
            })
    void constraintsOnWhichThePlatformBreaksShouldEndInAVerdict(String intermediates) throws Exception {
        ShapedChain chain = ShapedChain.of("-", intermediates, "dns=b.example other=x x400=x rid=x");
        X509Certificate[] presented = chain.presented().toArray(X509Certificate[]::new);
        StrongValidation strong =
                new StrongValidation(TrustedRoots.of(List.of(chain.root())), Set.of(), Clock.systemUTC());
        PolicyTrustManager enforcing = PolicyTrustManager.enforcing(strong);
        PolicyTrustManager reporting = PolicyTrustManager.reporting(strong);
        enforcing.expect(connectionToB, B);
        PolicyTrustManager.ExpectedPeer reported = reporting.expect(connectionToB, B);

        reporting.checkServerTrusted(presented, TYPE, connectionToB);

        assertThat(reported.judged()).isTrue();
        assertThat(reported.reported())
                .hasValueSatisfying(
                        found -> assertThat(found.violation()).isEqualTo(Violation.CERTIFICATE_NOT_TRUSTED));
        assertThatThrownBy(() -> enforcing.checkServerTrusted(presented, TYPE, connectionToB))
                .isInstanceOf(CertificateViolationException.class);
    }

    @Test
    void connectionThatWasNotAnnouncedShouldBeRefused() {
        testee.expect(connectionToA, A).close();

        assertThatThrownBy(() -> testee.checkServerTrusted(chainOfA, TYPE, connectionToA))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void certificateWithoutAConnectionShouldBeRefused() {
        testee.expect(connectionToA, A);

        assertThatThrownBy(() -> testee.checkServerTrusted(chainOfA, TYPE)).isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> testee.checkServerTrusted(chainOfA, TYPE, (SSLEngine) null))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void clientsShouldBeRefused() {
        assertThatThrownBy(() -> testee.checkClientTrusted(chainOfA, TYPE)).isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> testee.checkClientTrusted(chainOfA, TYPE, connectionToA))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> testee.checkClientTrusted(chainOfA, TYPE, (SSLEngine) null))
                .isInstanceOf(CertificateException.class);
        assertThat(testee.getAcceptedIssuers()).isEmpty();
    }

    private X509Certificate[] chain(String host) {
        return root.issueFor(host).chain().toArray(X509Certificate[]::new);
    }
}
