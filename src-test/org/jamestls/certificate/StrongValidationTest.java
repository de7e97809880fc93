package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.Host;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.policy.Violation;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.mockito.Mockito;

class StrongValidationTest {

    private static final Host MX = new DomainName("mx.bank.example");
    private static final Clock CLOCK = Clock.systemUTC();
    private static final KeyPair RSA = CertificateAuthority.rsaKeys(2048);
    private static final KeyPair WEAK_RSA = CertificateAuthority.rsaKeys(1024);
    private static final CertificateAuthority ROOT = CertificateAuthority.root("Trusted Root");
    private static final CertificateAuthority RSA_ROOT = CertificateAuthority.root(new Request("CN=RSA Root"), RSA);

    /** What is presented, why. */
    static final List<Arguments> ACCEPTED = List.of(
            arguments(new Presented(ROOT, ROOT.issueFor("mx.bank.example")), "the usual"),
            arguments(
                    new Presented(
                            RSA_ROOT, RSA_ROOT.issue(request().signedWithPss(), CertificateAuthority.ed25519Keys())),
                    "RSASSA-PSS"),
            arguments(
                    new Presented(
                            CertificateAuthority.root(new Request("CN=Old Root").signedWith("SHA1"), RSA),
                            CertificateAuthority.root(new Request("CN=Old Root"), RSA)
                                    .issue(request())),
                    "the root's own signature proves nothing, so it may be weak"),
            arguments(
                    issuedBy(CertificateAuthority.root(new Request("CN=Ed Root"), CertificateAuthority.ed25519Keys())),
                    "Ed25519"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.intermediate(new Request("CN=For Servers").purposes(KeyPurposeId.id_kp_serverAuth))
                                    .issue(request())),
                    "an intermediate for servers"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.intermediate(new Request("CN=For All").purposes(KeyPurposeId.anyExtendedKeyUsage))
                                    .issue(request())),
                    "an intermediate for any purpose"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.intermediate(new Request("CN=Constrained").permittedDnsNames("bank.example"))
                                    .intermediate("Issuing Authority")
                                    .issue(request())),
                    "a host name within name constraints, below an authority that is no host"),
            arguments(
                    new Presented(ROOT, ROOT.issue(request().extension("1.2.3.4.5", false, DERNull.INSTANCE))),
                    "an unknown extension that is not critical"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.intermediate(new Request("CN=One"))
                                    .intermediate(new Request("CN=Two"))
                                    .issue(request())),
                    "several intermediates"));

    /** What is presented, the reason shown, why. */
    static final List<Arguments> NOT_TRUSTED = List.of(
            arguments(
                    new Presented(RSA_ROOT, RSA_ROOT.issue(request().signedWith("SHA1"))),
                    "SHA1withRSA",
                    "a SHA-1 signature"),
            arguments(
                    new Presented(RSA_ROOT, RSA_ROOT.issue(request().signedWith("MD5"))),
                    "MD5withRSA",
                    "an MD5 signature"),
            arguments(
                    new Presented(
                            RSA_ROOT,
                            RSA_ROOT.issue(request().signedWith("SHA1").signedWithPss())),
                    "RSASSA-PSS",
                    "RSASSA-PSS over SHA-1"),
            arguments(
                    new Presented(
                            RSA_ROOT,
                            RSA_ROOT.intermediate(new Request("CN=Weak").signedWith("SHA1"))
                                    .issue(request())),
                    "SHA1withRSA",
                    "a SHA-1 signature of an intermediate"),
            arguments(new Presented(ROOT, ROOT.issue(request(), WEAK_RSA)), "RSA key of 1024 bits", "a short RSA key"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.intermediate(new Request("CN=Weak"), WEAK_RSA).issue(request())),
                    "RSA key of 1024 bits",
                    "a short RSA key of an intermediate"),
            arguments(
                    issuedBy(CertificateAuthority.root(new Request("CN=Weak Root"), WEAK_RSA)),
                    "RSA key of 1024 bits",
                    "a short RSA key of the root"),
            arguments(
                    new Presented(ROOT, ROOT.issue(request(), CertificateAuthority.dsaKeys(2048))),
                    "DSA key",
                    "DSA, which no TLS of today uses"),
            arguments(
                    new Presented(ROOT, ROOT.issue(request(), CertificateAuthority.ecKeys("secp192r1"))),
                    "EC key of 192 bits",
                    "a short elliptic curve"),
            arguments(
                    new Presented(ROOT, ROOT.issue(request().keyUsage(KeyUsage.keyEncipherment))),
                    "another key usage",
                    "a key that may not sign"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.issue(request()
                                    .purposes(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_emailProtection))),
                    "another extended key usage",
                    "purposes of which none is serving TLS"),
            arguments(
                    issuedBy(CertificateAuthority.root(
                            new Request("CN=Root").purposes(KeyPurposeId.id_kp_emailProtection))),
                    "another extended key usage",
                    "a root for e-mail signatures alone"),
            arguments(
                    new Presented(ROOT, ROOT.issue(request().extension("1.2.3.4.5", true, DERNull.INSTANCE))),
                    "UNRECOGNIZED_CRIT_EXT",
                    "a critical extension that nobody understands"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.intermediate(new Request("CN=Odd").extension("1.2.3.4.5", true, DERNull.INSTANCE))
                                    .issue(request())),
                    "UNRECOGNIZED_CRIT_EXT",
                    "the same of an intermediate"),
            arguments(
                    issuedBy(CertificateAuthority.root(
                            new Request("CN=Root").extension("1.2.3.4.5", true, DERNull.INSTANCE))),
                    "a critical extension",
                    "the same of the root"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.intermediate(new Request("CN=Last").mostIntermediates(0))
                                    .intermediate("Too Deep")
                                    .issue(request())),
                    "PATH_TOO_LONG",
                    "more intermediates than one of them allows"),
            arguments(
                    belowAnIntermediateOf(CertificateAuthority.root(new Request("CN=Root").mostIntermediates(0))),
                    "basic constraints",
                    "more intermediates than the root allows"),
            arguments(
                    issuedBy(CertificateAuthority.root(new Request("CN=Root").keyUsage(KeyUsage.cRLSign))),
                    "key usage of the root",
                    "a root that may not sign certificates"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.intermediate(new Request("CN=Not Signing").keyUsage(KeyUsage.cRLSign))
                                    .issue(request())),
                    "INVALID_KEY_USAGE",
                    "an intermediate that may not"),
            arguments(
                    new Presented(
                            ROOT,
                            ROOT.intermediate(new Request("CN=Bars").excludedDnsNames("bank.example"))
                                    .issue(request())),
                    "a name outside",
                    "a host name that an authority excludes"),
            arguments(
                    belowAnIntermediateOf(
                            CertificateAuthority.root(new Request("CN=Root").excludedDnsNames("bank.example"))),
                    "a name outside",
                    "or the root, with an intermediate between"),
            arguments(
                    issuedBy(CertificateAuthority.root(
                            new Request("CN=Root").permitted(new GeneralName(new X500Name("O=Bank"))))),
                    "a name outside",
                    "a subject outside what the root permits"));

    @ParameterizedTest(name = "{1}")
    @FieldSource("ACCEPTED")
    void checkShouldFindNothingWhenEveryRuleIsKept(Presented presented, String why) {
        assertThat(check(presented.root(), presented.certificate().chain()))
                .as(why)
                .isEmpty();
    }

    @ParameterizedTest(name = "{2}")
    @FieldSource("NOT_TRUSTED")
    void checkShouldNotTrustTheChainWhenARuleIsBroken(Presented presented, String reason, String why) {
        assertThat(check(presented.root(), presented.certificate().chain()))
                .as(why)
                .hasValueSatisfying(violation -> {
                    assertThat(violation.violation()).isEqualTo(Violation.CERTIFICATE_NOT_TRUSTED);
                    assertThat(violation.presented()).contains(reason);
                });
    }

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(textBlock = """
            # seconds after notBefore, violation, why
             0,                           ,                        valid from that second on
            -1,                           CERTIFICATE_NOT_YET_VALID, a second early
             3600,                        ,                        valid until that second
             3601,                        CERTIFICATE_EXPIRED,       a second late
            """)
    void checkShouldJudgeDatesByTheClock(long seconds, Violation expected, String why) {
        Instant from = Instant.parse("2030-01-01T00:00:00Z");
        CertificateAuthority root = CertificateAuthority.root(
                new Request("CN=Root").validFrom(from.minus(Duration.ofDays(1)), from.plus(Duration.ofDays(1))));
        HeldCertificate certificate = root.issue(request().validFrom(from, from.plus(Duration.ofHours(1))));
        StrongValidation testee =
                new StrongValidation(roots(root), Set.of(), Clock.fixed(from.plusSeconds(seconds), ZoneOffset.UTC));

        assertThat(testee.check(certificate.chain(), MX).map(PolicyViolation::violation))
                .as(why)
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void checkShouldReportTheRootsDatesWhenTheRootHasExpired() {
        CertificateAuthority expired = CertificateAuthority.root(new Request("CN=Old Root").expired());

        assertThat(check(expired, expired.issue(request()).chain()))
                .map(PolicyViolation::violation)
                .contains(Violation.CERTIFICATE_EXPIRED);
    }

    @Test
    void checkShouldTakeAnotherWayWhenOneOfThemIsNoGood() {
        KeyPair keys = CertificateAuthority.ecKeys();
        CertificateAuthority expiredCross =
                CertificateAuthority.root("Gone Root").intermediate(new Request("CN=Issuer").expired(), keys);
        CertificateAuthority good = ROOT.intermediate(new Request("CN=Issuer"), keys);
        List<X509Certificate> presented =
                new ArrayList<>(expiredCross.issue(request()).chain());
        presented.add(good.certificate());

        assertThat(check(ROOT, presented)).isEmpty();
    }

    @Test
    void checkShouldAcceptTheChainInAnyOrderAndWithTheRootIncluded() {
        List<X509Certificate> presented = new ArrayList<>(
                ROOT.intermediate("One").intermediate("Two").issue(request()).chain());
        presented.add(ROOT.certificate());
        Collections.reverse(presented.subList(1, presented.size()));

        assertThat(check(ROOT, presented)).isEmpty();
    }

    @Test
    void checkShouldAcceptAnIntermediateAsTheTrustedRoot() {
        CertificateAuthority intermediate = ROOT.intermediate("Intermediate");

        assertThat(check(intermediate, intermediate.issue(request()).chain())).isEmpty();
    }

    @Test
    void checkShouldNotTrustWhatATrustedServerCertificateSigned() {
        HeldCertificate server = CertificateAuthority.selfSigned(new Request("CN=Server"));
        HeldCertificate forged = CertificateAuthority.signedBy(server, request());

        assertThat(new StrongValidation(TrustedRoots.of(List.of(server.certificate())), Set.of(), CLOCK)
                        .check(List.of(forged.certificate()), MX))
                .hasValueSatisfying(
                        violation -> assertThat(violation.presented()).contains("basic constraints of the root"));
    }

    @Test
    void checkShouldNotTrustTheSubjectOfAnotherKeyUnderTheSameName() {
        CertificateAuthority impostor = CertificateAuthority.root("Trusted Root");

        assertThat(check(ROOT, impostor.issue(request()).chain()))
                .map(PolicyViolation::violation)
                .contains(Violation.CERTIFICATE_NOT_TRUSTED);
    }

    @Test
    @Timeout(20)
    void checkShouldEndSoonWhenVeryManyWaysAreMade() {
        KeyPair shared = CertificateAuthority.ecKeys();
        List<X509Certificate> presented = new ArrayList<>();
        CertificateAuthority unknown = CertificateAuthority.root(new Request("CN=Same"), shared);
        presented.add(unknown.issue(request()).certificate());
        for (int i = 0; i < 30; i++) {
            presented.add(unknown.intermediate(new Request("CN=Same"), shared).certificate());
        }

        assertThat(check(ROOT, presented)).map(PolicyViolation::violation).contains(Violation.CERTIFICATE_NOT_TRUSTED);
    }

    @Test
    void checkShouldRefuseWhatIsNoCertificate() throws Exception {
        X509Certificate unreadable = Mockito.mock(X509Certificate.class);
        Mockito.when(unreadable.getEncoded()).thenThrow(new CertificateEncodingException("broken"));

        assertThat(check(ROOT, List.of(unreadable)))
                .map(PolicyViolation::violation)
                .contains(Violation.CERTIFICATE_NOT_TRUSTED);
        assertThat(check(ROOT, List.of())).map(PolicyViolation::violation).contains(Violation.CERTIFICATE_NOT_TRUSTED);
    }

    /** The platform reads no certificate whose critical constraints exclude all mail addresses; other libraries do. */
    @Test
    void checkShouldPassOverASuperfluousCertificateThatCannotBeRead() throws Exception {
        X509Certificate unreadable = CertificateAuthority.readByBouncyCastle(
                new Request("CN=Superfluous").excluded(new GeneralName(GeneralName.rfc822Name, "")));
        X509Certificate broken = Mockito.mock(X509Certificate.class);
        Mockito.when(broken.getEncoded()).thenThrow(new IllegalStateException("broken"));
        List<X509Certificate> presented =
                new ArrayList<>(ROOT.intermediate("Middle").issue(request()).chain());
        presented.addAll(1, List.of(unreadable, broken));

        assertThat(check(ROOT, presented)).isEmpty();
    }

    @Test
    void checkShouldSayThatAWayEndsWhenTheCertificateItNeedsCannotBeRead() {
        X509Certificate server = ROOT.intermediate("Middle").issue(request()).certificate();
        X509Certificate unreadable = CertificateAuthority.readByBouncyCastle(
                new Request("CN=Middle").excluded(new GeneralName(GeneralName.rfc822Name, "")));

        assertThat(check(ROOT, List.of(server, unreadable)))
                .hasValueSatisfying(violation -> assertThat(violation.presented())
                        .contains("signed by an authority that is neither presented nor trusted, CN=Middle"));
    }

    @Test
    void checkShouldEndInAVerdictWhenARuleBreaks() {
        Clock broken = Mockito.mock(Clock.class, invocation -> {
            throw new StackOverflowError();
        });

        assertThat(new StrongValidation(roots(ROOT), Set.of(), broken)
                        .check(ROOT.issue(request()).chain(), MX))
                .hasValueSatisfying(violation -> {
                    assertThat(violation.violation()).isEqualTo(Violation.CERTIFICATE_NOT_TRUSTED);
                    assertThat(violation.presented()).contains("certificates that cannot be checked");
                });
    }

    /** 1,500 names under 1,500 constraints make more than two million comparisons, on each of sixteen ways. */
    @Test
    @Timeout(60)
    void checkShouldBeBoundedWhenManyNamesMeetManyConstraints() {
        KeyPair shared = CertificateAuthority.ecKeys();
        Request authority = new Request("CN=Wide");
        Request server = request();
        for (int i = 0; i < 1_500; i++) {
            authority.excludedDnsNames("host" + i + ".evil.example");
            server.dnsName("mx" + i + ".bank.example");
        }
        List<X509Certificate> presented = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            presented.add(ROOT.intermediate(authority, shared).certificate());
        }
        presented.add(0, ROOT.intermediate(authority, shared).issue(server).certificate());
        StrongValidation testee = new StrongValidation(roots(ROOT), Set.of(), CLOCK);

        assertThat(testee.check(presented, MX)).hasValueSatisfying(violation -> {
            assertThat(violation.violation()).isEqualTo(Violation.CERTIFICATE_NOT_TRUSTED);
            assertThat(violation.presented()).contains("more than 1048576 comparisons");
        });
    }

    @Test
    void checkShouldAcceptManyNamesUnderConstraintsWithinTheBound() {
        Request authority = new Request("CN=Wide");
        Request server = request();
        for (int i = 0; i < 500; i++) {
            authority.excludedDnsNames("host" + i + ".evil.example");
            server.dnsName("mx" + i + ".bank.example");
        }

        assertThat(check(ROOT, ROOT.intermediate(authority).issue(server).chain()))
                .isEmpty();
    }

    @Test
    void checkShouldBeStoppedWhenItTakesTooLong() {
        CheckLimit past = new CheckLimit(Duration.ofNanos(-1));

        assertThat(new StrongValidation(roots(ROOT), Set.of(), CLOCK)
                        .check(ROOT.issue(request()).chain(), MX, past))
                .hasValueSatisfying(violation -> {
                    assertThat(violation.violation()).isEqualTo(Violation.CERTIFICATE_NOT_TRUSTED);
                    assertThat(violation.presented()).contains("to check");
                });
    }

    /** No root that the platform brings may fall to a rule that is stricter than those it was chosen by. */
    @Test
    void everyRootOfThePlatformShouldBeReadable() {
        ReadableExtensionsRule testee = new ReadableExtensionsRule();

        assertThat(TrustedRoots.ofPlatform().certificates())
                .allSatisfy(root -> assertThat(testee.check(new CertificationPath(List.of(root), Optional.of(root))))
                        .isEmpty());
    }

    /** What is expected and presented can be pasted into the policy. */
    @Test
    void violationShouldShowTheNamesBesideWhatWasExpected() {
        X509Certificate certificate = ROOT.issue(new Request("CN=mail.hosting.example")
                        .dnsName("mail.hosting.example")
                        .ipAddress("192.0.2.1"))
                .certificate();
        StrongValidation testee =
                new StrongValidation(roots(ROOT), trusted("b.hosting.example", "a.hosting.example"), CLOCK);

        assertThat(testee.check(List.of(certificate), MX)).hasValueSatisfying(violation -> {
            assertThat(violation.expected())
                    .isEqualTo("mx.bank.example, or a trusted common name: a.hosting.example, b.hosting.example");
            assertThat(violation.presented())
                    .startsWith(
                            "CN=mail.hosting.example, DNS:mail.hosting.example, IP:192.0.2.1, issuer CN=Trusted Root"
                                    + ", valid from ")
                    .contains(" until " + certificate.getNotAfter().toInstant());
        });
    }

    @ParameterizedTest(name = "{1}")
    @FieldSource("UNTRUSTED")
    void violationShouldSayWhyThereIsNoWayToARoot(HeldCertificate certificate, String reason) {
        assertThat(check(ROOT, certificate.chain())).hasValueSatisfying(violation -> {
            assertThat(violation.expected()).isEqualTo("a chain to one of 1 trusted roots");
            assertThat(violation.presented()).startsWith(reason);
        });
    }

    static final List<Arguments> UNTRUSTED = List.of(
            arguments(CertificateAuthority.selfSigned(request()), "self-signed by an authority that is not trusted"),
            arguments(
                    ROOT.intermediate("Middle").issue(request()).withoutIntermediates(),
                    "signed by an authority that is neither presented nor trusted, CN=Middle"));

    @Test
    void checkShouldAcceptAServerCertificateThatIsItselfATrustedRoot() {
        HeldCertificate server = CertificateAuthority.selfSigned(request());

        assertThat(new StrongValidation(TrustedRoots.of(List.of(server.certificate())), Set.of(), CLOCK)
                        .check(server.chain(), MX))
                .isEmpty();
    }

    /** A trusted root and what a server presents. */
    private record Presented(CertificateAuthority root, HeldCertificate certificate) {}

    private static Presented issuedBy(CertificateAuthority root) {
        return new Presented(root, root.issue(request()));
    }

    private static Presented belowAnIntermediateOf(CertificateAuthority root) {
        return new Presented(root, root.intermediate("Intermediate").issue(request()));
    }

    private static Request request() {
        return new Request("CN=mx.bank.example").dnsName("mx.bank.example");
    }

    private static TrustedRoots roots(CertificateAuthority root) {
        return TrustedRoots.of(List.of(root.certificate()));
    }

    private static Optional<PolicyViolation> check(CertificateAuthority root, List<X509Certificate> presented) {
        return new StrongValidation(roots(root), Set.of(), CLOCK).check(presented, MX);
    }

    private static Set<TrustedCommonName> trusted(String... names) {
        return Arrays.stream(names).map(TrustedCommonName::parse).collect(Collectors.toSet());
    }
}
