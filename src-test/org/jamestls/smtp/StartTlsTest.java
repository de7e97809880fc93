package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.jamestls.smtp.Sessions.HOST;
import static org.jamestls.smtp.Sessions.at;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.envelope;
import static org.jamestls.smtp.Sessions.message;
import static org.jamestls.smtp.Sessions.tlsServer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.policy.Violation;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.Fault;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.LogLines;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ReceivingServer.StartTls;
import org.jamestls.testing.ScriptedServer;
import org.jamestls.testing.Transcript;
import org.jamestls.tls.KeyExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the greeting to the verdict (RFC 3207). */
class StartTlsTest {

    private static final int SEGMENT = 1400;
    private static final TlsRequirement VERIFIED = new TlsRequirement.Verified(Set.of());
    private static final HeldCertificate UNTRUSTED =
            CertificateAuthority.root("Other Root").issueFor(HOST);

    @Test
    void shouldSayEhloStartTlsAndEhloAgainBeforeTheMail() throws Exception {
        try (ReceivingServer server = tlsServer().start();
                SmtpClient client = client()) {
            try (SmtpConnection testee = client.open(at(server), VERIFIED)) {
                assertThat(testee.tls())
                        .hasValueSatisfying(tls -> assertThat(tls.protocol()).isEqualTo("TLSv1.3"));
                testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);
            }

            Transcript transcript = server.awaitEnded(1).get(0);
            assertThat(transcript.commandsInTheClear()).containsExactly("EHLO client.example.org", "STARTTLS");
            assertThat(transcript.commandsOverTls())
                    .containsExactly(
                            "EHLO client.example.org",
                            "MAIL FROM:<alice@sender.example>",
                            "RCPT TO:<bob@bank.example>",
                            "DATA",
                            "QUIT");
            assertThat(transcript.tls().flatMap(Transcript.Tls::serverName)).contains(HOST);
            assertThat(server.messages()).singleElement().matches(ReceivedMessage::overTls);
        }
    }

    static Stream<Arguments> violating() {
        HeldCertificate good = Sessions.AUTHORITY.issueFor(HOST);
        return Stream.of(
                Arguments.of("not offered", ReceivingServer.builder(), Violation.STARTTLS_NOT_OFFERED),
                Arguments.of(
                        "EHLO unknown",
                        ReceivingServer.builder().reply(SmtpStep.EHLO, "502 5.5.1 unknown"),
                        Violation.STARTTLS_NOT_OFFERED),
                Arguments.of(
                        "EHLO not implemented",
                        ReceivingServer.builder().reply(SmtpStep.EHLO, "500 5.5.2 what?"),
                        Violation.STARTTLS_NOT_OFFERED),
                Arguments.of("refused", refusing("454 4.7.0 not now", good), Violation.STARTTLS_REFUSED),
                Arguments.of("refused for good", refusing("554 5.7.3 no", good), Violation.STARTTLS_REFUSED),
                Arguments.of("refused and closed", refusing("421 4.3.0 closing", good), Violation.STARTTLS_REFUSED),
                Arguments.of("another 2yz", refusing("250 fine", good), Violation.STARTTLS_REFUSED),
                Arguments.of(
                        "broken off",
                        ReceivingServer.builder().certificate(good).startTls(StartTls.BROKEN_OFF),
                        Violation.HANDSHAKE_FAILED),
                Arguments.of(
                        "text in the clear behind the 220",
                        ReceivingServer.builder().certificate(good).startTls(StartTls.FOLLOWED_BY_CLEAR_TEXT),
                        Violation.HANDSHAKE_FAILED));
    }

    private static ReceivingServer.Builder refusing(String reply, HeldCertificate certificate) {
        return ReceivingServer.builder().certificate(certificate).reply(SmtpStep.STARTTLS, reply);
    }

    @ParameterizedTest(name = "{0} -> {2}")
    @MethodSource("violating")
    void shouldRefuseHostWhenTlsIsRequired(String why, ReceivingServer.Builder host, Violation expected)
            throws Exception {
        for (TlsRequirement requirement : List.of(VERIFIED, TlsRequirement.ENCRYPTED)) {
            try (ReceivingServer server = host.start();
                    SmtpClient client = client()) {
                SmtpFailure failure = failureToOpen(client, at(server), requirement);

                assertThat(failure)
                        .isInstanceOfSatisfying(
                                SmtpFailure.TlsViolated.class,
                                violated -> assertThat(violated.violation().violation())
                                        .isEqualTo(expected));
                assertThat(failure.permanent()).isFalse();
                assertThat(failure.statusCode()).hasToString(expected.temporaryCode());
                assertThatNothingOfAMailWasSent(server);
            }
        }
    }

    @ParameterizedTest(name = "{0} -> {2}")
    @MethodSource("violating")
    void shouldGoOnOrLeaveTheClearToTheCallerWhenTheViolationIsOnlyReported(
            String why, ReceivingServer.Builder host, Violation expected) throws Exception {
        ConnectionTerms terms = new ConnectionTerms(new TlsRequirement.Reported(VERIFIED), Optional.empty());
        try (ReceivingServer server = host.start();
                SmtpClient client = client()) {
            Optional<PolicyViolation> reported;
            try (SmtpConnection connection = client.open(at(server), terms.requirement())) {
                assertThat(connection.tls()).isEmpty();
                reported = terms.reported(connection);
            } catch (SmtpException e) {
                ConnectionTerms fresh = terms.after(e.failure()).orElseThrow();
                assertThat(fresh.requirement()).isEqualTo(TlsRequirement.CLEARTEXT);
                assertThat(fresh.after(e.failure())).as("one fresh connection").isEmpty();
                reported = fresh.reported();
            }

            assertThat(reported.map(PolicyViolation::violation)).contains(expected);
            assertThat(server.awaitEnded(1).get(0).commands())
                    .noneMatch(command -> command.startsWith("MAIL") || command.startsWith("AUTH"));
        }
    }

    @Test
    void shouldGoOnOverTlsWhenTheCertificatesViolationIsOnlyReported() throws Exception {
        try (ReceivingServer server =
                        ReceivingServer.builder().certificate(UNTRUSTED).start();
                SmtpClient client = client();
                SmtpConnection connection = client.open(at(server), new TlsRequirement.Reported(VERIFIED))) {
            assertThat(connection.tls()).isPresent();
            assertThat(connection.reported().map(PolicyViolation::violation))
                    .contains(Violation.CERTIFICATE_NOT_TRUSTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"550 5.7.1 we do not like you", "504 5.5.4 your name", "421 4.3.2 busy", "450 4.7.1 later"})
    void shouldNotTakeARefusalOfOurNameForAMissingStartTls(String reply) throws Exception {
        try (ReceivingServer server = tlsServer().reply(SmtpStep.EHLO, reply).start();
                SmtpClient client = client()) {
            assertThat(failureToOpen(client, at(server), VERIFIED))
                    .isEqualTo(new SmtpFailure.Refused(
                            SmtpStep.EHLO,
                            SmtpReply.of(Integer.parseInt(reply.substring(0, 3)), List.of(reply.substring(4)))));
            assertThatNothingOfAMailWasSent(server);
        }
    }

    @Test
    void shouldRefuseHostWhoseCertificateDoesNotSatisfy() throws Exception {
        try (ReceivingServer server =
                        ReceivingServer.builder().certificate(UNTRUSTED).start();
                SmtpClient client = client()) {
            SmtpFailure failure = failureToOpen(client, at(server), VERIFIED);

            assertThat(failure)
                    .isInstanceOfSatisfying(
                            SmtpFailure.TlsViolated.class,
                            violated -> assertThat(violated.violation().violation())
                                    .isEqualTo(Violation.CERTIFICATE_NOT_TRUSTED));
            assertThatNothingOfAMailWasSent(server);
        }
    }

    @Test
    void shouldShowWhatWasInjectedBehindThe220() throws Exception {
        try (ReceivingServer server =
                        tlsServer().startTls(StartTls.FOLLOWED_BY_CLEAR_TEXT).start();
                SmtpClient client = client()) {
            assertThat(failureToOpen(client, at(server), VERIFIED).message())
                    .contains("RFC 3207, 4.2", "250-injected\\u000d\\u000a250 AUTH PLAIN");
            assertThat(server.awaitEnded(1).get(0).tls()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("injectedLater")
    void shouldNeverTakeClearTextIntoTheSessionWheneverItArrives(String injected) throws Exception {
        ScriptedServer.Script script = peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO");
            peer.send("250-mx\r\n250 STARTTLS\r\n").readUntil("STARTTLS");
            peer.sendInSingleOctets("220 go ahead\r\n" + injected);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client()) {
            SmtpFailure failure = failureToOpen(client, at(server), TlsRequirement.ENCRYPTED);

            assertThat(failure)
                    .isInstanceOfSatisfying(
                            SmtpFailure.TlsViolated.class,
                            violated ->
                                    assertThat(violated.violation().violation()).isEqualTo(Violation.HANDSHAKE_FAILED));
            assertThat(server.received()).noneMatch(line -> line.startsWith("MAIL"));
        }
    }

    static List<String> injectedLater() {
        return List.of("250 mx\r\n250 mx\r\n", "\r\n\r\n\r\n\r\n\r\n", "250-mx\r\n250 AUTH PLAIN\r\n235 welcome\r\n");
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldFailHostThatRefusesEhloOverTls(String reply, boolean permanentForHost) throws Exception {
        try (ReceivingServer server =
                        tlsServer().replyOverTls(SmtpStep.EHLO, reply).start();
                SmtpClient client = client()) {
            SmtpFailure failure = failureToOpen(client, at(server), TlsRequirement.OPPORTUNISTIC);

            assertThat(failure).isInstanceOf(SmtpFailure.Refused.class);
            assertThat(failure.reply())
                    .hasValueSatisfying(
                            refusal -> assertThat(refusal.isPermanent()).isEqualTo(permanentForHost));
            assertThat(failure.permanent()).as("another host may take it").isFalse();
            assertThat(server.awaitEnded(1).get(0).commandsOverTls())
                    .doesNotContain("HELO client.example.org")
                    .first()
                    .isEqualTo("EHLO client.example.org");
            assertThatNothingOfAMailWasSent(server);
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(Arguments.of("500 5.5.1 unknown", true), Arguments.of("451 4.3.0 later", false));
    }

    /** What happens from STARTTLS to the first reply over TLS, when, the violation. */
    static Stream<Arguments> withoutAReply() {
        List<Fault> faults = List.of(
                Fault.SILENCE, Fault.CLOSE, Fault.RESET, Fault.CLOSE_INSIDE_REPLY, Fault.saying("421 4.3.2 closing"));
        return Stream.of(Moment.STARTTLS, Moment.HANDSHAKE, Moment.EHLO_OVER_TLS)
                .flatMap(moment -> faults.stream()
                        .map(fault -> Arguments.of(
                                fault,
                                moment,
                                moment == Moment.STARTTLS && fault instanceof Fault.Reply
                                        ? Violation.STARTTLS_REFUSED
                                        : Violation.HANDSHAKE_FAILED)));
    }

    @ParameterizedTest(name = "{0} at {1} -> {2}")
    @MethodSource("withoutAReply")
    void shouldTakeWhateverEndsTheStartOfTlsForAViolation(Fault fault, Moment moment, Violation expected)
            throws Exception {
        try (ReceivingServer server = tlsServer().fault(moment, fault).start();
                SmtpClient client = client(Duration.ofSeconds(1))) {
            for (TlsRequirement requirement : List.of(
                    VERIFIED,
                    TlsRequirement.ENCRYPTED,
                    new TlsRequirement.Reported(VERIFIED),
                    TlsRequirement.OPPORTUNISTIC)) {
                SmtpFailure failure = failureToOpen(client, at(server), requirement);
                Optional<ConnectionTerms> fallBack = new ConnectionTerms(requirement, Optional.empty()).after(failure);

                assertThat(violation(failure).violation()).isEqualTo(expected);
                assertThat(fallBack.map(ConnectionTerms::requirement))
                        .isEqualTo(
                                requirement.tlsRequired() ? Optional.empty() : Optional.of(TlsRequirement.CLEARTEXT));
                assertThat(fallBack.flatMap(ConnectionTerms::reported).map(PolicyViolation::violation))
                        .isEqualTo(requirement.reportOnly() ? Optional.of(expected) : Optional.empty());
            }
            assertThatNothingOfAMailWasSent(server);
        }
    }

    static List<Fault> atLargeHello() {
        return List.of(Fault.CLOSE, Fault.RESET, Fault.SILENCE);
    }

    @ParameterizedTest
    @MethodSource("atLargeHello")
    void shouldTryOnceMoreWithoutTheHybridWhenTheHostDoesNotAnswerItsHello(Fault fault) throws Exception {
        try (LogLines log = LogLines.of(SmtpClient.class);
                ReceivingServer server =
                        tlsServer().largestHello(SEGMENT, fault).start();
                SmtpClient client = client(KeyExchange.HYBRID, Duration.ofSeconds(3))) {
            try (SmtpConnection connection = client.open(at(server), VERIFIED)) {
                assertThat(connection.tls())
                        .hasValueSatisfying(tls -> assertThat(tls.keyExchange()).isEqualTo("x25519"));
            }
            client.open(at(server), VERIFIED).close();
            assertThat(server.awaitEnded(3))
                    .as("two connections, then one without the large hello")
                    .hasSize(3);
            assertThat(log.lines())
                    .singleElement(as(STRING))
                    .contains(HOST, "no answer to the first TLS message", "classical key exchange");
        }
    }

    @Test
    void shouldGiveUpAfterOneHandshakeWithoutTheHybrid() throws Exception {
        try (ReceivingServer server = tlsServer().startTls(StartTls.BROKEN_OFF).start();
                SmtpClient client = client(KeyExchange.HYBRID, Sessions.AMPLE)) {
            assertThat(violation(failureToOpen(client, at(server), VERIFIED)).violation())
                    .isEqualTo(Violation.HANDSHAKE_FAILED);

            assertThat(server.awaitEnded(2)).hasSize(2);
        }
    }

    @Test
    void shouldNotTryAgainWhenTheHostAnsweredTheHelloOrItIsSmall() throws Exception {
        try (ReceivingServer untrusted =
                        ReceivingServer.builder().certificate(UNTRUSTED).start();
                ReceivingServer broken =
                        tlsServer().startTls(StartTls.BROKEN_OFF).start();
                SmtpClient hybrid = client(KeyExchange.HYBRID, Sessions.AMPLE);
                SmtpClient classical = client()) {
            failureToOpen(hybrid, at(untrusted), VERIFIED);
            failureToOpen(classical, at(broken), VERIFIED);

            assertThat(untrusted.awaitEnded(1)).hasSize(1);
            assertThat(broken.awaitEnded(1)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldSayThatTheHostAskedForAClientCertificate(String protocol) throws Exception {
        try (ReceivingServer server = tlsServer()
                        .protocols(protocol)
                        .demandingClientCertificate()
                        .start();
                SmtpClient client = client()) {
            for (TlsRequirement requirement : List.of(VERIFIED, TlsRequirement.OPPORTUNISTIC)) {
                PolicyViolation violation = violation(failureToOpen(client, at(server), requirement));

                assertThat(violation.violation()).isEqualTo(Violation.HANDSHAKE_FAILED);
                assertThat(violation.presented()).startsWith("the host asked for a client certificate");
                assertThat(violation.expected()).contains("without a certificate of the sender");
            }
            assertThatNothingOfAMailWasSent(server);
        }
    }

    @Test
    void shouldForgetWhatWasOfferedInTheClear() throws Exception {
        try (ReceivingServer server = tlsServer()
                        .offeringInTheClear("AUTH PLAIN", "SIZE 1000", "PIPELINING", "8BITMIME", "CHUNKING")
                        .offeringOverTls("DSN")
                        .start();
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.ENCRYPTED)) {
            assertThat(testee.capabilities().keywords()).containsOnlyKeys("DSN");
        }
    }

    @ParameterizedTest
    @MethodSource("goingOnInTheClear")
    void shouldGoOnInTheClearOnTheSameConnectionWhenTlsIsOpportunistic(String why, ReceivingServer.Builder host)
            throws Exception {
        try (ReceivingServer server = host.start();
                SmtpClient client = client()) {
            try (SmtpConnection testee = client.open(at(server), TlsRequirement.OPPORTUNISTIC)) {
                assertThat(testee.tls()).isEmpty();
                assertThat(testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS))
                        .isInstanceOf(TransactionOutcome.Delivered.class);
            }
            assertThat(server.awaitEnded(1)).hasSize(1);
            assertThat(server.messages()).singleElement().matches(received -> !received.overTls());
        }
    }

    static Stream<Arguments> goingOnInTheClear() {
        HeldCertificate good = Sessions.AUTHORITY.issueFor(HOST);
        return Stream.of(
                Arguments.of("not offered", ReceivingServer.builder()),
                Arguments.of("EHLO unknown", ReceivingServer.builder().reply(SmtpStep.EHLO, "500 5.5.1 unknown")),
                Arguments.of("454", refusing("454 4.7.0 not now", good)),
                Arguments.of("554", refusing("554 5.7.3 no", good)));
    }

    @Test
    void shouldUseAnyCertificateWhenTlsIsOpportunistic() throws Exception {
        try (ReceivingServer server =
                        ReceivingServer.builder().certificate(UNTRUSTED).start();
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.OPPORTUNISTIC)) {
            assertThat(testee.tls()).isPresent();
        }
    }

    @Test
    void shouldSucceedWithFreshConnectionInTheClearAfterOpportunisticHandshakeFailed() throws Exception {
        try (ReceivingServer server = tlsServer().startTls(StartTls.BROKEN_OFF).start();
                SmtpClient client = client()) {
            assertThat(failureToOpen(client, at(server), TlsRequirement.OPPORTUNISTIC))
                    .isInstanceOf(SmtpFailure.TlsViolated.class);
            try (SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
                assertThat(testee.tls()).isEmpty();
            }
            assertThat(server.awaitEnded(2).get(1).commands()).containsExactly("EHLO client.example.org", "QUIT");
        }
    }

    @Test
    void shouldNotAskForTlsWhenInTheClearIsRequired() throws Exception {
        try (ReceivingServer server = tlsServer().start();
                SmtpClient client = client()) {
            client.open(at(server), TlsRequirement.CLEARTEXT).close();

            assertThat(server.awaitEnded(1).get(0).commands()).containsExactly("EHLO client.example.org", "QUIT");
        }
    }

    private static SmtpFailure failureToOpen(SmtpClient client, MailHostAddress host, TlsRequirement requirement) {
        return catchThrowableOfType(SmtpException.class, () -> client.open(host, requirement))
                .failure();
    }

    private static PolicyViolation violation(SmtpFailure failure) {
        assertThat(failure).isInstanceOf(SmtpFailure.TlsViolated.class);
        return ((SmtpFailure.TlsViolated) failure).violation();
    }

    private static void assertThatNothingOfAMailWasSent(ReceivingServer server) {
        assertThat(server.awaitEnded(1))
                .allSatisfy(transcript -> assertThat(transcript.commands())
                        .isNotEmpty()
                        .allMatch(command -> command.matches("EHLO client.example.org|STARTTLS|QUIT")));
    }
}
