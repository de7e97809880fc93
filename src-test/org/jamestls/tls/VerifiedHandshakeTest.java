package org.jamestls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.Socket;
import java.security.KeyPair;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.Host;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.policy.Violation;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.TlsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mail host's certificate leads to, over real connections. */
@ParameterizedClass(name = "{0}")
@EnumSource(TlsProvider.class)
class VerifiedHandshakeTest {

    private static final String MX = "mx.bank.example";
    private static final int STATUS_REQUEST = 5; // RFC 6066 §8
    private static final String ADDRESS = "192.0.2.25";
    private static final CertificateAuthority ROOT = CertificateAuthority.root("Trusted Root");
    private static final CertificateAuthority INTERMEDIATE = ROOT.intermediate("Intermediate");
    private static final CertificateAuthority UNKNOWN_ROOT = CertificateAuthority.root("Unknown Root");
    private static final CertificateAuthority CONSTRAINED =
            ROOT.intermediate(new Request("CN=Constrained").permittedDnsNames("other.example"));
    private static final CertificateAuthority CONSTRAINED_ROOT =
            CertificateAuthority.root(new Request("CN=Constrained Root").permittedDnsNames("other.example"));
    private static final CertificateAuthority FOR_CLIENTS =
            ROOT.intermediate(new Request("CN=For Clients").purposes(KeyPurposeId.id_kp_clientAuth));

    private static final KeyPair WEAK = CertificateAuthority.rsaKeys(1024);
    private static final CertificateAuthority WEAK_ROOT =
            CertificateAuthority.root(new Request("CN=Weak Root").signedWith("SHA1"), WEAK);

    private static final Map<TlsProvider, TlsClient> CLIENTS = Arrays.stream(TlsProvider.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    provider -> provider.client(
                            TrustedRoots.of(List.of(ROOT.certificate(), CONSTRAINED_ROOT.certificate())),
                            KeyExchange.CLASSICAL,
                            Clock.systemUTC(),
                            BouncyCastleTlsClient.HANDSHAKE_LIMIT)));

    private final TlsClient testee;

    VerifiedHandshakeTest(TlsProvider provider) {
        this.testee = CLIENTS.get(provider);
    }

    /** Certificate, mail host, trusted common names, why. */
    static final List<Arguments> ACCEPTED = List.of(
            arguments(ROOT.issueFor(MX), MX, trusted(), "SAN and CN match"),
            arguments(INTERMEDIATE.issueFor(MX), MX, trusted(), "an intermediate is presented"),
            arguments(of("O=Bank", MX), MX, trusted(), "the SAN matches, there is no CN"),
            arguments(of("CN=" + MX), MX, trusted(), "only the CN matches: operators were promised CN or SAN"),
            arguments(of("CN=" + MX, "other.example"), MX, trusted(), "the CN matches beside SANs that do not"),
            arguments(of("CN=x", "*.bank.example"), MX, trusted(), "a wildcard stands for one label"),
            arguments(of("CN=*.bank.example"), MX, trusted(), "so it does in the CN"),
            arguments(of("CN=x", "MX.Bank.EXAMPLE"), MX, trusted(), "names are compared ignoring case"),
            arguments(of("CN=mx.hosting.example"), MX, trusted("mx.hosting.example"), "the CN is trusted"),
            arguments(of("CN=Bank Mail Gateway"), MX, trusted("bank mail gateway"), "so is a CN that is any text"),
            arguments(of("O=Host", "mx.hosting.example"), MX, trusted("mx.hosting.example"), "a trusted SAN, no CN"),
            arguments(of("O=Host", "*.hosting.example"), MX, trusted("mx.hosting.example"), "a wildcard for it"),
            arguments(of("O=Host", "*.hosting.example"), MX, trusted("*.hosting.example"), "the very wildcard"),
            arguments(ofAddress(ADDRESS), ADDRESS, trusted(), "an IP SAN for the address"),
            arguments(ofAddress("2001:db8::25"), "2001:db8::25", trusted(), "so for IPv6"),
            arguments(of("CN=" + MX, MX), ADDRESS, trusted(MX), "a trusted name for a host known by address"),
            arguments(ROOT.issue(new Request("CN=x").dnsName(MX).anyPurpose()), MX, trusted(), "no extended key usage"),
            arguments(
                    ROOT.issue(new Request("CN=x").dnsName(MX).purposes(KeyPurposeId.anyExtendedKeyUsage)),
                    MX,
                    trusted(),
                    "any extended key usage"),
            arguments(
                    CONSTRAINED.issue(new Request("O=x").dnsName("mx.other.example")),
                    "mx.other.example",
                    trusted(),
                    "a name within the constraints"),
            arguments(
                    CONSTRAINED_ROOT.issue(new Request("O=x").dnsName("mx.other.example")),
                    "mx.other.example",
                    trusted(),
                    "so under a root that has them"));

    /** Certificate, mail host, trusted common names, violation, why. */
    static final List<Arguments> REFUSED = List.of(
            arguments(
                    ROOT.issue(named(MX).expired()), MX, trusted(), Violation.CERTIFICATE_EXPIRED, "expired yesterday"),
            arguments(
                    ROOT.issue(named(MX).notYetValid()),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_YET_VALID,
                    "valid from tomorrow"),
            arguments(
                    ROOT.intermediate(new Request("CN=Old").expired()).issueFor(MX),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_EXPIRED,
                    "its issuer has expired"),
            arguments(
                    ROOT.intermediate(new Request("CN=New").notYetValid()).issueFor(MX),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_YET_VALID,
                    "its issuer is not yet valid"),
            arguments(
                    CertificateAuthority.selfSigned(named(MX)),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "self-signed"),
            arguments(UNKNOWN_ROOT.issueFor(MX), MX, trusted(), Violation.CERTIFICATE_NOT_TRUSTED, "unknown root"),
            arguments(
                    INTERMEDIATE.issueFor(MX).withoutIntermediates(),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "the intermediate is missing, and nothing is fetched"),
            arguments(
                    ROOT.issue(named(MX).clientsOnly()),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "fit for clients alone"),
            arguments(
                    FOR_CLIENTS.issueFor(MX),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "its issuer is restricted to clients"),
            arguments(
                    CONSTRAINED.issueFor(MX),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "the issuer's name constraints forbid the SAN"),
            arguments(
                    CONSTRAINED_ROOT.issueFor(MX),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "the root's name constraints forbid the SAN"),
            arguments(
                    CONSTRAINED.issue(new Request("CN=" + MX)),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "they forbid it in the CN alone too"),
            arguments(
                    CONSTRAINED_ROOT.issue(new Request("CN=" + MX)),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "so do those of the root"),
            arguments(
                    CONSTRAINED.issue(new Request("CN=" + MX).dnsName("mx.other.example")),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "beside a SAN that they permit, the CN does not count"),
            arguments(
                    CONSTRAINED_ROOT.issue(new Request("CN=" + MX).dnsName("mx.other.example")),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "nor under such a root"),
            arguments(
                    CONSTRAINED.issue(new Request("CN=gateway.other.example").dnsName("mx.other.example")),
                    MX,
                    trusted("gateway.other.example"),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "nor as a trusted name: constraints that do not reach the CN leave it without a voucher"),
            arguments(
                    CONSTRAINED.issue(new Request("CN=Bank Mail Gateway").dnsName("mx.other.example")),
                    MX,
                    trusted("Bank Mail Gateway"),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "whatever its text is"),
            arguments(
                    of("CN=mx.other.example", "mx.other.example"),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "wrong name"),
            arguments(
                    of("CN=x", "*.bank.example"),
                    "a.mx.bank.example",
                    trusted(),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "a wildcard does not stand for two labels"),
            arguments(
                    of("CN=x", "*.bank.example"),
                    "bank.example",
                    trusted(),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "nor for none"),
            arguments(
                    of("CN=x", "m*.bank.example", "*x.bank.example", "mx*.bank.example", "mx.*.example"),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "a wildcard is the whole left-most label"),
            arguments(
                    of("CN=" + ADDRESS, ADDRESS),
                    ADDRESS,
                    trusted(),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "neither CN nor DNS SAN stands for an address"),
            arguments(
                    ofAddress("192.0.2.26"),
                    ADDRESS,
                    trusted(),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "another address"),
            arguments(of("CN=" + MX, MX), ADDRESS, trusted(), Violation.CERTIFICATE_NAME_MISMATCH, "no IP SAN at all"),
            arguments(
                    of("O=Host", "a.hosting.example"),
                    MX,
                    trusted("*.hosting.example"),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "a trusted wildcard is satisfied by that very wildcard only"),
            arguments(
                    of("O=Host", "Bank Mail Gateway"),
                    MX,
                    trusted("Bank Mail Gateway"),
                    Violation.CERTIFICATE_NAME_MISMATCH,
                    "text that is no host name compares with the CN alone"),
            arguments(
                    ROOT.issue(named("mx.hosting.example").expired()),
                    MX,
                    trusted("mx.hosting.example"),
                    Violation.CERTIFICATE_EXPIRED,
                    "a trusted name replaces the name check, not the dates"),
            arguments(
                    UNKNOWN_ROOT.issueFor("mx.hosting.example"),
                    MX,
                    trusted("mx.hosting.example"),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "nor the chain"),
            arguments(
                    UNKNOWN_ROOT.issue(named("mx.other.example").expired()),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_EXPIRED,
                    "of several faults the dates come first"),
            arguments(
                    UNKNOWN_ROOT.issueFor("mx.other.example"),
                    MX,
                    trusted(),
                    Violation.CERTIFICATE_NOT_TRUSTED,
                    "then the chain, then the name"));

    @ParameterizedTest(name = "{3}")
    @FieldSource("ACCEPTED")
    void handshakeShouldSucceedWhenTheCertificateProvesTheHost(
            HeldCertificate certificate, String host, Set<TrustedCommonName> trusted, String why) throws Exception {
        try (TlsServer server = TlsServer.presenting(certificate)) {
            TlsConnection connection =
                    testee.handshake(server.connect(), Host.parse(host), 25, new TlsRequirement.Verified(trusted));

            assertThat(echo(connection, 'x')).as(why).isEqualTo('x');
        }
    }

    @ParameterizedTest(name = "{4}")
    @FieldSource("REFUSED")
    void handshakeShouldFailWhenTheCertificateDoesNotProveTheHost(
            HeldCertificate certificate, String host, Set<TrustedCommonName> trusted, Violation violation, String why)
            throws Exception {
        try (TlsServer server = TlsServer.presenting(certificate)) {
            Socket socket = server.connect();

            assertThatThrownBy(
                            () -> testee.handshake(socket, Host.parse(host), 25, new TlsRequirement.Verified(trusted)))
                    .as(why)
                    .asInstanceOf(type(TlsViolationException.class))
                    .extracting(e -> e.violation().violation())
                    .isEqualTo(violation);
            assertThat(socket.isClosed()).isTrue();
            assertThat(server.established()).isEmpty();
        }
    }

    static Stream<Arguments> unproven() {
        return Stream.of(
                        arguments(CertificateAuthority.selfSigned(named(MX)), "self-signed"),
                        arguments(ROOT.issue(named(MX).expired()), "expired"),
                        arguments(ROOT.issueFor("mx.other.example"), "wrong name"),
                        arguments(UNKNOWN_ROOT.issue(named(MX).clientsOnly()), "unknown root, fit for clients alone"),
                        arguments(WEAK_ROOT.issue(named(MX).signedWith("SHA1"), WEAK), "short keys and SHA-1"),
                        arguments(
                                ROOT.issue(named(MX).extension("1.2.3.4.5", true, DERNull.INSTANCE)),
                                "an unknown critical extension"))
                .flatMap(row -> Stream.of(TlsRequirement.ENCRYPTED, TlsRequirement.OPPORTUNISTIC)
                        .map(requirement -> arguments(row.get()[0], requirement, row.get()[1])));
    }

    @ParameterizedTest(name = "{2}, {1}")
    @MethodSource("unproven")
    void handshakeShouldSucceedWithAnyCertificateWhenEncryptionIsAllThatIsAsked(
            HeldCertificate certificate, TlsRequirement requirement, String why) throws Exception {
        try (TlsServer server = TlsServer.presenting(certificate)) {
            TlsConnection connection = testee.handshake(server.connect(), Host.parse(MX), 25, requirement);

            assertThat(echo(connection, 'x')).as(why).isEqualTo('x');
        }
    }

    /** The platform's own path validation throws on these constraints, where it should say no. */
    @Test
    void handshakeShouldSucceedAndReportWhenThePlatformBreaksOnTheChain() throws Exception {
        HeldCertificate certificate = ROOT.intermediate(new Request("CN=For No Host").excludedDnsNames(""))
                .issueFor(MX);
        try (TlsServer server = TlsServer.presenting(certificate)) {
            TlsConnection connection = testee.handshake(
                    server.connect(),
                    Host.parse(MX),
                    25,
                    new TlsRequirement.Reported(new TlsRequirement.Verified(Set.of())));

            assertThat(echo(connection, 'x')).isEqualTo('x');
            assertThat(connection.reported())
                    .hasValueSatisfying(
                            found -> assertThat(found.violation()).isEqualTo(Violation.CERTIFICATE_NOT_TRUSTED));
        }
    }

    static Stream<Arguments> overTheLimits() {
        CertificateAuthority issuer = ROOT;
        for (int level = 1; level <= 12; level++) {
            issuer = issuer.intermediate("Intermediate " + level);
        }
        Request manyNames = named(MX);
        for (int name = 1; name <= 1000; name++) {
            manyNames.dnsName("a-rather-long-name-of-a-customer-%04d.bank.example".formatted(name));
        }
        return Stream.of(
                arguments(issuer.issueFor(MX), "10", "13 certificates"),
                arguments(ROOT.issue(manyNames), "32768", "a certificate of more than 32 KiB"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("overTheLimits")
    void limitShouldBeNamedWhenTheCertificatesAreMoreThanIsRead(HeldCertificate certificate, String limit, String why)
            throws Exception {
        try (TlsServer server = TlsServer.presenting(certificate)) {
            Socket socket = server.connect();

            assertThatThrownBy(() -> testee.handshake(socket, Host.parse(MX), 25, TlsRequirement.ENCRYPTED))
                    .as(why)
                    .asInstanceOf(type(TlsViolationException.class))
                    .satisfies(e -> {
                        assertThat(e.violation().presented()).contains("more than is read", limit);
                        assertThat(e.violation().expected()).contains("jdk.tls.max");
                    });
        }
    }

    /** RFC 7633: an OCSP response is not asked for where revocation is not checked, so none is demanded. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void certificateThatDemandsStaplingShouldBeAccepted(String protocol) throws Exception {
        HeldCertificate mustStaple = ROOT.issue(
                named(MX).extension("1.3.6.1.5.5.7.1.24", false, new DERSequence(new ASN1Integer(STATUS_REQUEST))));
        try (TlsServer server = TlsServer.with(
                mustStaple.serverContext(), socket -> socket.setEnabledProtocols(new String[] {protocol}))) {
            for (TlsRequirement requirement :
                    List.of(new TlsRequirement.Verified(Set.of()), TlsRequirement.ENCRYPTED)) {
                TlsConnection connection = testee.handshake(server.connect(), Host.parse(MX), 25, requirement);

                assertThat(echo(connection, 'x')).isEqualTo('x');
            }
        }
    }

    private static Request named(String host) {
        return new Request("CN=" + host).dnsName(host);
    }

    private static HeldCertificate of(String subject, String... dnsNames) {
        Request request = new Request(subject);
        Arrays.stream(dnsNames).forEach(request::dnsName);
        return ROOT.issue(request);
    }

    private static HeldCertificate ofAddress(String address) {
        return ROOT.issue(new Request("CN=x").ipAddress(address));
    }

    private static Set<TrustedCommonName> trusted(String... names) {
        return Arrays.stream(names).map(TrustedCommonName::parse).collect(Collectors.toSet());
    }

    private static int echo(TlsConnection connection, char text) throws IOException {
        connection.socket().getOutputStream().write(text);
        return connection.socket().getInputStream().read();
    }
}
