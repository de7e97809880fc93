package org.jamestls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Security;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.Host;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.policy.Violation;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.HybridServer;
import org.jamestls.testing.TlsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class BouncyCastleTlsClientTest {

    private static final DomainName MX = new DomainName("mx.bank.example");
    private static final TlsRequirement VERIFIED = new TlsRequirement.Verified(Set.of());
    private static final KeyPair RSA = CertificateAuthority.rsaKeys(2048);
    private static final CertificateAuthority ROOT = CertificateAuthority.root("Root");
    private static final CertificateAuthority RSA_ROOT = CertificateAuthority.root(new Request("CN=RSA Root"), RSA);
    private static final TrustedRoots ROOTS = TrustedRoots.of(List.of(ROOT.certificate(), RSA_ROOT.certificate()));
    private static final HeldCertificate ECDSA = ROOT.issueFor(MX.text());
    private static final HeldCertificate RSA_CERTIFICATE = RSA_ROOT.issue(request(), RSA);

    private final TlsClient testee = client(KeyExchange.HYBRID, BouncyCastleTlsClient.HANDSHAKE_LIMIT);

    static Stream<Arguments> kindsOfCertificates() {
        return Stream.of(
                        arguments("ECDSA", ECDSA),
                        arguments("ECDSA on P-384", ROOT.issue(request(), CertificateAuthority.ecKeys("secp384r1"))),
                        arguments("RSA", RSA_CERTIFICATE),
                        arguments(
                                "RSA, signed with RSASSA-PSS",
                                RSA_ROOT.issue(request().signedWithPss(), RSA)),
                        arguments("RSASSA-PSS", RSA_ROOT.issue(request(), CertificateAuthority.rsaPssKeys(2048))),
                        arguments("Ed25519", ROOT.issue(request(), CertificateAuthority.ed25519Keys())))
                .flatMap(row -> Stream.of("TLSv1.2", "TLSv1.3")
                        .map(protocol -> arguments(row.get()[0], protocol, row.get()[1])));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("kindsOfCertificates")
    void handshakeShouldSucceedWithEveryKindOfCertificate(String kind, String protocol, HeldCertificate certificate)
            throws Exception {
        try (TlsServer server = server(certificate, socket -> protocols(socket, protocol))) {
            TlsConnection connection = handshake(server, VERIFIED);

            assertThat(connection.negotiated().protocol()).isEqualTo(protocol);
            assertThat(echo(connection)).isEqualTo('x');
        }
    }

    @ParameterizedTest(name = "{0}, {1}, {2}: {4}")
    @CsvSource({
        "TLSv1.3, TLS_AES_128_GCM_SHA256, secp256r1, secp256r1, a group without an early key share costs a round trip",
        "TLSv1.3, TLS_AES_256_GCM_SHA384, x25519, x25519, an early key share",
        "TLSv1.3, TLS_AES_256_GCM_SHA384, ffdhe2048, ffdhe2048, finite field",
        "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, secp384r1, secp384r1, as the server chose",
        "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384, x25519, x25519, as the server chose",
    })
    void negotiatedShouldTellWhatTheServerChose(
            String protocol, String suite, String serverGroup, String expectedGroup, String why) throws Exception {
        try (TlsServer server = HybridServer.presenting(
                RSA_CERTIFICATE,
                socket -> {
                    protocols(socket, protocol);
                    socket.setEnabledCipherSuites(new String[] {suite});
                },
                serverGroup)) {
            assertThat(handshake(server, VERIFIED).negotiated())
                    .as(why)
                    .isEqualTo(new NegotiatedTls(protocol, suite, expectedGroup));
        }
    }

    @ParameterizedTest(name = "{0} offered, server knows {1}: {3}")
    @CsvSource({
        "HYBRID, X25519MLKEM768 x25519, X25519MLKEM768, the hybrid is preferred",
        "HYBRID, X25519MLKEM768, X25519MLKEM768, a server of the hybrid alone",
        "HYBRID, x25519, x25519, a server that does not know the hybrid",
        "CLASSICAL, X25519MLKEM768 x25519, x25519, the hybrid is not offered",
    })
    void keyExchangeShouldBeHybridWhenBothSidesKnowIt(
            KeyExchange offered, String serverGroups, String negotiated, String why) throws Exception {
        try (TlsServer server = HybridServer.presenting(RSA_CERTIFICATE, socket -> {}, serverGroups.split(" "))) {
            TlsConnection connection = client(offered, BouncyCastleTlsClient.HANDSHAKE_LIMIT)
                    .handshake(server.connect(), MX, 25, VERIFIED);

            assertThat(connection.negotiated().keyExchange()).as(why).isEqualTo(negotiated);
            assertThat(echo(connection)).isEqualTo('x');
        }
    }

    @Test
    void serverNameShouldBeTheHostsNameAndNothingForAnAddress() throws Exception {
        HeldCertificate certificate =
                ROOT.issue(new Request("CN=x").dnsName("xn--bcher-kva.example").ipAddress("192.0.2.25"));
        try (TlsServer server = TlsServer.presenting(certificate)) {
            testee.handshake(server.connect(), Host.parse("b\u00fccher.example"), 25, VERIFIED);
            assertThat(requestedNames(server)).containsExactly("xn--bcher-kva.example");

            testee.handshake(server.connect(), IpAddress.parse("192.0.2.25"), 25, VERIFIED);
            assertThat(requestedNames(server)).isEmpty();
        }
    }

    @Test
    void handshakeShouldSucceedWithoutAServerNameWhenTheDnsGaveAnUnderscore() throws Exception {
        try (TlsServer server = TlsServer.presenting(ROOT.issueFor("mx_1.bank.example"))) {
            testee.handshake(server.connect(), DomainName.parseDns("mx_1.bank.example"), 25, VERIFIED);

            assertThat(requestedNames(server)).isEmpty();
        }
    }

    @Test
    void renegotiationShouldBeRefused() throws Exception {
        try (TlsServer server = server(ECDSA, socket -> protocols(socket, "TLSv1.2"))) {
            TlsConnection connection = handshake(server, VERIFIED);
            echo(connection);
            SSLSocket serverSide = take(server);
            serverSide.startHandshake();

            assertThatThrownBy(() -> connection.socket().getInputStream().read())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void providerShouldNotBeRegisteredWithTheVirtualMachine() {
        assertThat(Security.getProviders()).extracting(Provider::getName).doesNotContain("BC", "BCJSSE");
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void sessionShouldNeverBeResumed(String protocol) throws Exception {
        try (TlsServer server = server(ECDSA, socket -> protocols(socket, protocol))) {
            echo(handshake(server, VERIFIED));
            echo(handshake(server, VERIFIED));

            assertThat(take(server).getSession().getId())
                    .isNotEqualTo(take(server).getSession().getId());
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void sessionOfARelaxedRequirementShouldNotServeAStrongOne(String protocol) throws Exception {
        try (TlsServer server = server(ROOT.issueFor("mx.other.example"), socket -> protocols(socket, protocol))) {
            echo(handshake(server, TlsRequirement.ENCRYPTED));

            assertThat(failure(server, VERIFIED).violation().violation())
                    .isEqualTo(Violation.CERTIFICATE_NAME_MISMATCH);
            assertThat(echo(handshake(server, TlsRequirement.ENCRYPTED))).isEqualTo('x');
        }
    }

    @Test
    void simultaneousHandshakesShouldBeJudgedEachByItsOwnHost() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try (TlsServer a = TlsServer.presenting(ROOT.issueFor("a.example"));
                TlsServer b = TlsServer.presenting(ROOT.issueFor("b.example"))) {
            List<Callable<String>> attempts = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                attempts.add(() -> outcome(a, "a.example"));
                attempts.add(() -> outcome(b, "a.example"));
                attempts.add(() -> outcome(b, "b.example"));
                attempts.add(() -> outcome(a, "b.example"));
                expected.addAll(
                        List.of("accepted", "CERTIFICATE_NAME_MISMATCH", "accepted", "CERTIFICATE_NAME_MISMATCH"));
            }
            List<String> outcomes = new ArrayList<>();
            for (Future<String> outcome : workers.invokeAll(attempts)) {
                outcomes.add(outcome.get());
            }
            assertThat(outcomes).isEqualTo(expected);
        } finally {
            workers.shutdownNow();
        }
    }

    /** What the server does with the connection, what is presented, why. */
    static final List<Arguments> BROKEN = List.of(
            arguments((TlsServer.Session) Socket::close, "the host ended the connection", "closed at once"),
            arguments(
                    (TlsServer.Session) socket -> {
                        read(socket);
                        socket.setSoLinger(true, 0);
                        socket.close();
                    },
                    "reset",
                    "reset after the ClientHello"),
            arguments(
                    (TlsServer.Session) socket -> {
                        read(socket);
                        send(socket, "1603030050");
                        socket.close();
                    },
                    "the host ended the connection without saying why: closed inside a message",
                    "broken off within a record"),
            arguments(
                    (TlsServer.Session) socket -> {
                        read(socket);
                        socket.getOutputStream()
                                .write("500 5.5.1 what is this?\r\n".getBytes(StandardCharsets.US_ASCII));
                        linger(socket);
                    },
                    "not TLS",
                    "plain text instead of TLS"),
            arguments(
                    (TlsServer.Session) socket -> {
                        read(socket);
                        send(socket, "15030300020228");
                        linger(socket);
                    },
                    "alert handshake_failure received",
                    "an alert"),
            arguments(
                    (TlsServer.Session) socket -> {
                        read(socket);
                        // a ServerHello of TLS 1.1 with TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
                        send(socket, "160302002a020000260302" + "00".repeat(32) + "00c01300");
                        linger(socket);
                    },
                    "the host speaks no TLS version that we do",
                    "TLS 1.1 alone"));

    @ParameterizedTest(name = "{2}")
    @FieldSource("BROKEN")
    void handshakeShouldFailWhenTheServerBreaksIt(TlsServer.Session session, String presented, String why)
            throws Exception {
        try (TlsServer server = TlsServer.scripted(session)) {
            Socket socket = server.connect();

            TlsViolationException failure = catchThrowableOfType(
                    TlsViolationException.class, () -> testee.handshake(socket, MX, 25, TlsRequirement.ENCRYPTED));

            assertThat(failure.violation().violation()).as(why).isEqualTo(Violation.HANDSHAKE_FAILED);
            assertThat(failure.violation().expected()).startsWith("TLS 1.2 or 1.3 ");
            assertThat(failure.violation().presented()).as(why).containsIgnoringCase(presented);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"})
    void handshakeShouldFailWhenTheServerHasOldCipherSuitesAlone(String suite) throws Exception {
        try (TlsServer server = HybridServer.presenting(
                RSA_CERTIFICATE, socket -> socket.setEnabledCipherSuites(new String[] {suite}), "x25519")) {
            assertThat(failure(server, TlsRequirement.OPPORTUNISTIC).violation().presented())
                    .startsWith("the host has no version, cipher suite, group or signature in common with us");
        }
    }

    @Test
    void handshakeShouldFailWhenTheServerIsSilentForLongerThanTheReadTimeout() throws Exception {
        try (TlsServer server = TlsServer.scripted(BouncyCastleTlsClientTest::linger)) {
            Socket socket = server.connect();
            socket.setSoTimeout(100);

            TlsViolationException failure =
                    catchThrowableOfType(TlsViolationException.class, () -> testee.handshake(socket, MX, 25, VERIFIED));

            assertThat(failure.violation().violation()).isEqualTo(Violation.HANDSHAKE_FAILED);
            assertThat(failure.violation().presented()).isEqualTo("timed out after 100 ms");
        }
    }

    @Test
    void handshakeShouldFailWhenTheServerDripsForLongerThanTheWholeMayTake() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (TlsServer server = TlsServer.scripted(socket -> {
            send(socket, "1603034000");
            while (!await(end)) {
                socket.getOutputStream().write(0);
            }
        })) {
            Socket socket = server.connect();
            long started = System.nanoTime();

            TlsViolationException failure = catchThrowableOfType(
                    TlsViolationException.class,
                    () -> client(KeyExchange.HYBRID, Duration.ofMillis(500)).handshake(socket, MX, 25, VERIFIED));

            assertThat(failure.violation().violation()).isEqualTo(Violation.HANDSHAKE_FAILED);
            assertThat(failure.violation().presented()).isEqualTo("timed out after 500 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(9));
            assertThat(socket.isClosed()).isTrue();
        } finally {
            end.countDown();
        }
    }

    @Test
    void handshakeShouldBeAnErrorOfTheCallerWhenNoTlsIsAskedFor() throws Exception {
        try (TlsServer server = TlsServer.presenting(ECDSA)) {
            assertThatThrownBy(() -> handshake(server, TlsRequirement.CLEARTEXT))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private TlsConnection handshake(TlsServer server, TlsRequirement requirement) throws IOException {
        return testee.handshake(server.connect(), MX, 25, requirement);
    }

    private TlsViolationException failure(TlsServer server, TlsRequirement requirement) {
        return catchThrowableOfType(TlsViolationException.class, () -> handshake(server, requirement));
    }

    private String outcome(TlsServer server, String host) throws IOException {
        try {
            echo(testee.handshake(server.connect(), new DomainName(host), 25, VERIFIED));
            return "accepted";
        } catch (TlsViolationException e) {
            return e.violation().violation().name();
        }
    }

    private static TlsClient client(KeyExchange keyExchange, Duration limit) {
        return new BouncyCastleTlsClient(ROOTS, keyExchange, Clock.systemUTC(), limit);
    }

    private static TlsServer server(HeldCertificate certificate, Consumer<SSLSocket> setUp) throws IOException {
        SSLContext context = certificate.serverContext();
        return TlsServer.with(context, setUp);
    }

    private static Request request() {
        return new Request("CN=" + MX).dnsName(MX.text());
    }

    private static void protocols(SSLSocket socket, String... protocols) {
        socket.setEnabledProtocols(protocols);
    }

    private static int echo(TlsConnection connection) throws IOException {
        connection.socket().getOutputStream().write('x');
        return connection.socket().getInputStream().read();
    }

    private static SSLSocket take(TlsServer server) throws InterruptedException {
        return server.established().poll(10, TimeUnit.SECONDS);
    }

    private static List<String> requestedNames(TlsServer server) throws InterruptedException {
        return ((ExtendedSSLSession) take(server).getSession())
                .getRequestedServerNames().stream()
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .toList();
    }

    private static void read(Socket socket) throws IOException {
        socket.getInputStream().read(new byte[16_384]);
    }

    private static void send(Socket socket, String hexadecimal) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hexadecimal));
    }

    /** Reads until the client goes away. */
    private static void linger(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Each change of a policy's trusted names brings requirements that were not there before. */
    @Test
    void contextsShouldBeForgottenWhenThereAreMany() {
        BouncyCastleTlsClient testee = new BouncyCastleTlsClient(
                TrustedRoots.of(List.of(ROOT.certificate())),
                KeyExchange.CLASSICAL,
                Clock.systemUTC(),
                BouncyCastleTlsClient.HANDSHAKE_LIMIT);
        JsseTlsClient.Context first = testee.context(VERIFIED);
        assertThat(testee.context(VERIFIED)).isSameAs(first);

        for (int i = 0; i < BouncyCastleTlsClient.MOST_CONTEXTS; i++) {
            testee.context(new TlsRequirement.Verified(Set.of(TrustedCommonName.parse("mx" + i + ".example"))));
        }

        assertThat(testee.context(VERIFIED)).isNotSameAs(first);
    }
}
