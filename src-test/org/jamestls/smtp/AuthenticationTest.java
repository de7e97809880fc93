package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jamestls.smtp.Sessions.at;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.tlsServer;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** AUTH at a gateway (RFC 4954). */
class AuthenticationTest {

    private static final Credentials CREDENTIALS = new Credentials("gateway-user", "s3cret-p\u00e4ssword");
    private static final Credentials RELAXED =
            new Credentials(CREDENTIALS.user(), CREDENTIALS.password(), CredentialProtection.RELAXED);
    private static final TlsRequirement VERIFIED = new TlsRequirement.Verified(Set.of());

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "PLAIN LOGIN CRAM-MD5, AUTH PLAIN, the first choice over TLS",
        "LOGIN CRAM-MD5, AUTH LOGIN, the second",
        "CRAM-MD5 XOAUTH2, AUTH CRAM-MD5, the third",
        "DIGEST-MD5, AUTH DIGEST-MD5, the fourth",
        "XOAUTH2 cram-md5, AUTH CRAM-MD5, mechanisms ignore case"
    })
    void shouldLogInOverTls(String offered, String command, String why) throws Exception {
        try (ReceivingServer server = tlsServer()
                        .knowing(CREDENTIALS.user(), CREDENTIALS.password())
                        .offeringOverTls("AUTH " + offered)
                        .start();
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), VERIFIED)) {
            testee.authenticate(CREDENTIALS);

            assertThat(server.transcripts().get(0).commandsOverTls().get(1))
                    .as(why)
                    .startsWith(command);
            assertThat(testee.isReusable()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "AUTH PLAIN LOGIN CRAM-MD5, the mechanism that keeps the password to itself",
        "AUTH CRAM-MD5, the only one",
        "AUTH DIGEST-MD5 PLAIN, the other one"
    })
    void shouldLogInWithoutShowingThePasswordInTheClear(String offered, String why) throws Exception {
        try (ReceivingServer server = ReceivingServer.builder()
                        .knowing(CREDENTIALS.user(), CREDENTIALS.password())
                        .offering(offered)
                        .start();
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.OPPORTUNISTIC)) {
            testee.authenticate(RELAXED);

            assertThat(server.transcripts().get(0).commands())
                    .as(why)
                    .last()
                    .asString()
                    .matches("AUTH (CRAM|DIGEST)-MD5");
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"AUTH PLAIN LOGIN, both would show the password", "AUTH XOAUTH2, unknown", "DSN, no AUTH at all"})
    void shouldSendNoCredentialsInTheClearOtherwise(String offered, String why) throws Exception {
        try (ReceivingServer server =
                        ReceivingServer.builder().offering(offered).start();
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.OPPORTUNISTIC)) {
            SmtpFailure failure = failureToLogIn(testee, RELAXED);

            assertThat(failure).as(why).isInstanceOf(SmtpFailure.CannotSend.class);
            assertThat(failure.message()).contains("offer AUTH CRAM-MD5, DIGEST-MD5", "without TLS");
            assertThat(failure.permanent()).isFalse();
            assertThat(server.transcripts().get(0).commands()).containsExactly("EHLO client.example.org");
        }
    }

    static Stream<Arguments> unverified() {
        return Stream.of(
                arguments(TlsRequirement.ENCRYPTED, "AUTH PLAIN", "TLS without a look at the certificate"),
                arguments(TlsRequirement.OPPORTUNISTIC, "AUTH PLAIN", "TLS by chance"),
                arguments(new TlsRequirement.Reported(VERIFIED), "AUTH PLAIN", "a verdict that is only told"),
                arguments(TlsRequirement.CLEARTEXT, "AUTH CRAM-MD5", "no TLS at all"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("unverified")
    void credentialsShouldGoToAnUnverifiedHostOnlyWhereTheyAreRelaxed(
            TlsRequirement requirement, String relaxed, String why) throws Exception {
        try (ReceivingServer server = tlsServer()
                        .account(CREDENTIALS.user(), CREDENTIALS.password())
                        .start();
                SmtpClient client = client()) {
            try (SmtpConnection testee = client.open(at(server), requirement)) {
                SmtpFailure failure = failureToLogIn(testee);

                assertThat(failure.message()).as(why).contains("certificate was not verified");
                assertThat(failure.permanent()).isFalse();
            }
            assertThat(server.awaitEnded(1).get(0).commands()).noneMatch(command -> command.startsWith("AUTH"));
            try (SmtpConnection testee = client.open(at(server), requirement)) {
                testee.authenticate(RELAXED);
            }
            assertThat(server.awaitEnded(2).get(1).commands())
                    .filteredOn(command -> command.startsWith("AUTH"))
                    .singleElement()
                    .asString()
                    .startsWith(relaxed);
        }
    }

    @Test
    void credentialsShouldBeForProvenHostsAloneUnlessToldOtherwise() {
        assertThat(CREDENTIALS.protection()).isEqualTo(CredentialProtection.STRONG);
        assertThat(CREDENTIALS).as("no connection serves both").isNotEqualTo(RELAXED);
    }

    @Test
    void shouldNotBelieveInMechanismsThatWereOfferedInTheClear() throws Exception {
        try (ReceivingServer server =
                        tlsServer().offeringInTheClear("AUTH PLAIN").start();
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), VERIFIED)) {
            assertThat(failureToLogIn(testee).message()).contains("it offers none");
        }
    }

    @Test
    void shouldTellOfWrongCredentials() throws Exception {
        try (ReceivingServer server =
                        tlsServer().account("gateway-user", "another").start();
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), VERIFIED)) {
            SmtpFailure failure = failureToLogIn(testee);

            assertThat(failure.message()).isEqualTo("AUTH refused: 535 5.7.8 wrong credentials");
            assertThat(failure.permanent())
                    .as("it concerns the gateway, not the mail")
                    .isFalse();
        }
    }

    static List<String> repetitions() {
        return List.of("RESPONSE", "you sent RESPONSE as a response", "no user has " + CREDENTIALS.password());
    }

    @ParameterizedTest
    @MethodSource("repetitions")
    void shouldNotShowCredentialsThatTheHostRepeats(String repetition) throws Exception {
        ScriptedServer.Script script = peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO");
            peer.send("250-mx\r\n250 AUTH CRAM-MD5\r\n").readUntil("AUTH");
            peer.send("334 " + Base64.getEncoder().encodeToString("<1@mx>".getBytes(StandardCharsets.UTF_8)) + "\r\n");
            String response = peer.readLine();
            peer.send("535-5.7.8 wrong\r\n535 " + repetition.replace("RESPONSE", response) + "\r\n");
            peer.readUntil("QUIT");
        };
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            SmtpException thrown = catchThrowableOfType(SmtpException.class, () -> testee.authenticate(RELAXED));

            assertThat(thrown.failure().message()).isEqualTo("AUTH refused: 535 (text withheld)");
            assertThat(thrown.failure().statusCode()).hasToString("5.7.8");
            assertThat(stackTrace(thrown)).doesNotContain("s3cret");
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "334 !!!not base64!!!, no Base64",
        "250 fine, a positive reply before the response",
        "354 go on, an intermediate reply of another command"
    })
    void shouldNotLogInWithBrokenExchange(String reply, String why) throws Exception {
        ScriptedServer.Script script = peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO");
            peer.send("250-mx\r\n250 AUTH CRAM-MD5\r\n").readUntil("AUTH");
            peer.send(reply + "\r\n").readUntil("*");
            peer.send("501 cancelled\r\n").readUntil("QUIT");
        };
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            assertThat(failureToLogIn(testee, RELAXED)).as(why).isInstanceOf(SmtpFailure.ProtocolBroken.class);
        }
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "PLAIN      | 334                | 334 after PLAIN, which is over with its first response",
                "PLAIN      | 334 dXNlcjo=       | the same with a challenge",
                "PLAIN      | 334 !!!            | the same with rubbish",
                "PLAIN      | 250 ok             | no reply to AUTH but a positive one to something else",
                "PLAIN      | 220 again          | the same",
                "PLAIN      | 354 go             | an intermediate reply of another command",
                "LOGIN      | 235 in             | success before the user name",
                "LOGIN      | 334 VQ==,235 in    | success before the password",
                "LOGIN      | 334 VQ==,334 UA==,334 VQ== | a third challenge",
                "LOGIN      | 334 *              | for ever the same challenge, and no Base64",
                "CRAM-MD5   | 334                | an empty challenge, then no reply but another",
                "CRAM-MD5   | 334 PDFAbXg+,334   | 334 after the answer",
                "CRAM-MD5   | 334 PDFAbXg+,334 PDFAbXg+ | the same challenge again",
                "CRAM-MD5   | 235 in             | success before the answer",
                "DIGEST-MD5 | 334                | a challenge without anything",
                "DIGEST-MD5 | 334 cmVhbG09IngiLG5vbmNlPSJ5IixxbmM9IjEi | a challenge that lacks what it has to hold",
                "DIGEST-MD5 | 235 in             | success before the answer",
            })
    void shouldFailAndCloseWhateverTheHostAnswers(String mechanism, String replies, String why) throws Exception {
        ScriptedServer.Script script = peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO");
            peer.send("250-mx\r\n250 AUTH " + mechanism + "\r\n").readUntil("AUTH");
            String[] inTurn = replies.split(",");
            for (int i = 0; ; i++) {
                peer.send(inTurn[Math.min(i, inTurn.length - 1)] + "\r\n").readLine();
            }
        };
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            SmtpException thrown = catchThrowableOfType(
                    SmtpException.class,
                    () -> new Authentication(testee.conversation(), testee.host(), true, true, testee.capabilities())
                            .logIn(CREDENTIALS));

            assertThat(thrown).as(why).isNotNull();
            assertThat(thrown.failure().step()).as(why).isEqualTo(SmtpStep.AUTH);
            assertThat(thrown.failure().permanent()).as(why).isFalse();
            assertThat(stackTrace(thrown)).as(why).doesNotContain("s3cret");
        }
    }

    @Test
    void connectionShouldNotLeakWhenTheHostGoesOnAfterPlain() throws Exception {
        ScriptedServer.Script script = peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO");
            peer.send("250-mx\r\n250 AUTH CRAM-MD5\r\n").readUntil("AUTH");
            peer.send("334 PDFAbXg+\r\n").readLine();
            peer.send("334 PDFAbXg+\r\n").stall();
        };
        ConnectionLimits one = new ConnectionLimits(1, 1, 1, Sessions.AMPLE, Sessions.AMPLE);
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client();
                SmtpConnections testee = new SmtpConnections(client, one, Sessions.AMPLE, Clock.systemUTC())) {
            ConnectionKey key = new ConnectionKey(at(server), TlsRequirement.CLEARTEXT, Optional.of(RELAXED));
            for (int i = 0; i < 3; i++) {
                SmtpException thrown = catchThrowableOfType(SmtpException.class, () -> testee.lease(key));

                assertThat(thrown.failure())
                        .as("the only place is free, and the host, which serves one connection at a time, too")
                        .isInstanceOf(SmtpFailure.ProtocolBroken.class);
            }
            assertThat(testee.hasOpen(key)).isFalse();
        }
    }

    @Test
    void shouldNotShowCredentials() {
        assertThat(CREDENTIALS.toString()).doesNotContain("gateway", "s3cret");
    }

    private static SmtpFailure failureToLogIn(SmtpConnection connection) {
        return failureToLogIn(connection, CREDENTIALS);
    }

    private static SmtpFailure failureToLogIn(SmtpConnection connection, Credentials credentials) {
        SmtpException thrown = catchThrowableOfType(SmtpException.class, () -> connection.authenticate(credentials));
        assertThat(stackTrace(thrown)).doesNotContain("s3cret");
        return thrown.failure();
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
