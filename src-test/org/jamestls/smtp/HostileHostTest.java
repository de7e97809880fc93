package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jamestls.smtp.Sessions.address;
import static org.jamestls.smtp.Sessions.at;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.envelope;
import static org.jamestls.smtp.Sessions.message;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.ScriptedServer;
import org.jamestls.testing.ScriptedServer.Peer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session does when the host breaks the rules, at every step: it ends in a typed failure, and in time. */
@Timeout(60)
class HostileHostTest {

    private static final Duration SHORT = Duration.ofMillis(500);
    private static final List<SmtpStep> STEPS =
            List.of(SmtpStep.GREETING, SmtpStep.EHLO, SmtpStep.MAIL, SmtpStep.RCPT, SmtpStep.DATA, SmtpStep.CONTENT);

    /** What the host does instead of the usual reply. */
    private enum Misdeed {
        CLOSES(SmtpFailure.ConnectionLost.class, peer -> {}),
        CLOSES_INSIDE_REPLY(SmtpFailure.ConnectionLost.class, peer -> peer.send("250-half\r\n25")),
        RESETS(SmtpFailure.ConnectionLost.class, Peer::reset),
        KEEPS_SILENT(SmtpFailure.TimedOut.class, Peer::stall),
        DRIPS_REPLY(SmtpFailure.TimedOut.class, peer -> peer.drip("250-x\r\n", 20)),
        DRIPS_LINE(SmtpFailure.TimedOut.class, peer -> peer.drip("2", 20)),
        SENDS_GARBAGE(
                SmtpFailure.ProtocolBroken.class,
                peer -> peer.send("\0\1\2 garbage\r\n").stall()),
        SPEAKS_HTTP(
                SmtpFailure.ProtocolBroken.class,
                peer -> peer.send("HTTP/1.1 400 Bad\r\n\r\n").stall()),
        CHANGES_CODE(
                SmtpFailure.ProtocolBroken.class,
                peer -> peer.send("250-a\r\n550 b\r\n").stall()),
        SENDS_ENDLESS_LINE(
                SmtpFailure.ProtocolBroken.class,
                peer -> peer.send("250 " + "x".repeat(9000)).stall()),
        SENDS_ENDLESS_REPLY(
                SmtpFailure.ProtocolBroken.class,
                peer -> peer.send("250-x\r\n".repeat(200)).stall()),
        ANSWERS_3YZ(
                SmtpFailure.ProtocolBroken.class,
                peer -> peer.send("399 go on\r\n").stall());

        private final Class<? extends SmtpFailure> expected;
        private final Ending ending;

        Misdeed(Class<? extends SmtpFailure> expected, Ending ending) {
            this.expected = expected;
            this.ending = ending;
        }
    }

    private interface Ending {
        void play(Peer peer) throws IOException;
    }

    private static ScriptedServer.Script upTo(SmtpStep step, Ending ending) {
        return peer -> {
            for (SmtpStep passed : STEPS.subList(0, STEPS.indexOf(step))) {
                await(passed, peer);
                peer.send(passed == SmtpStep.DATA ? "354 go ahead\r\n" : "250 ok\r\n");
            }
            await(step, peer);
            ending.play(peer);
        };
    }

    private static void await(SmtpStep step, Peer peer) throws IOException {
        if (step == SmtpStep.CONTENT) {
            peer.readUntil(".");
        } else if (step != SmtpStep.GREETING) {
            peer.readUntil(step.name());
        }
    }

    private static SmtpFailure failureAt(ScriptedServer server, Duration timeout) {
        try (SmtpClient client = client(timeout);
                SmtpConnection connection = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            TransactionOutcome outcome =
                    connection.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);
            assertThat(connection.isReusable()).isFalse();
            assertThat(outcome.delivered()).isEmpty();
            assertThat(outcome.unsent().isEmpty())
                    .isNotEqualTo(outcome.refused().isEmpty());
            return outcome instanceof TransactionOutcome.Failed failed
                    ? failed.failure()
                    : outcome.refused().get(address("bob@bank.example"));
        } catch (SmtpException e) {
            return e.failure();
        }
    }

    static Stream<Arguments> everyMisdeedAtEveryStep() {
        return STEPS.stream()
                .flatMap(step -> Stream.of(Misdeed.values())
                        .filter(misdeed -> step != SmtpStep.GREETING || misdeed != Misdeed.RESETS)
                        .map(misdeed -> Arguments.of(step, misdeed)));
    }

    /** Whether the reset overtakes the end of the connection's set-up is up to the operating system. */
    @Test
    void shouldEndInTypedFailureWhenConnectionIsResetAtOnce() {
        try (ScriptedServer server = ScriptedServer.playing(Peer::reset)) {
            SmtpFailure failure = failureAt(server, Sessions.AMPLE);

            assertThat(failure).isInstanceOfAny(SmtpFailure.NotConnected.class, SmtpFailure.ConnectionLost.class);
            assertThat(failure.step()).isIn(SmtpStep.CONNECT, SmtpStep.GREETING);
            assertThat(failure.permanent()).isFalse();
        }
    }

    @ParameterizedTest(name = "at {0} the host {1}")
    @MethodSource("everyMisdeedAtEveryStep")
    void shouldEndInTypedFailure(SmtpStep step, Misdeed misdeed) {
        boolean timesOut = misdeed.expected == SmtpFailure.TimedOut.class;
        try (ScriptedServer server = ScriptedServer.playing(upTo(step, misdeed.ending))) {
            SmtpFailure failure = failureAt(server, timesOut ? SHORT : Sessions.AMPLE);

            assertThat(failure).isInstanceOf(misdeed.expected);
            assertThat(failure.step()).isEqualTo(step);
            assertThat(failure.permanent()).isFalse();
            assertThat(failure.statusCode().kind()).isEqualTo(4);
            assertThat(failure.outcomeUnknown())
                    .as("only after the final dot the host may have taken the message")
                    .isEqualTo(step == SmtpStep.CONTENT);
            assertThat(failure.message()).matches("[ -~]+");
        }
    }

    static Stream<Arguments> everyRefusalAtEveryStep() {
        return STEPS.stream()
                .flatMap(step -> Stream.of("421 4.3.2 closing", "450 4.7.1 later", "554 5.7.1 no")
                        .map(reply -> Arguments.of(step, reply)));
    }

    @ParameterizedTest(name = "at {0} the host says {1}")
    @MethodSource("everyRefusalAtEveryStep")
    void shouldPassOnRefusal(SmtpStep step, String reply) throws Exception {
        ScriptedServer.Script script = upTo(step, peer -> {
            if (step == SmtpStep.EHLO) {
                peer.send(reply + "\r\n").readUntil("HELO");
            }
            peer.send((reply + "\r\n").repeat(2)).stall();
        });
        try (ScriptedServer server = ScriptedServer.playing(script)) {
            SmtpFailure failure = failureAt(server, Sessions.AMPLE);

            assertThat(failure).isInstanceOf(SmtpFailure.Refused.class);
            assertThat(failure.step()).isEqualTo(step);
            assertThat(failure.reply())
                    .hasValueSatisfying(refusal -> assertThat(refusal).hasToString(reply));
            assertThat(failure.permanent())
                    .as("of the mail, not of the host")
                    .isEqualTo(reply.startsWith("5") && !step.concernsHost());
            assertThat(failure.outcomeUnknown()).isFalse();
        }
    }

    @Test
    void shouldDeliverHoweverRepliesAreCut() throws Exception {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            ScriptedServer.Script script = peer -> {
                peer.sendInPieces("220-mx\r\n220 ready\r\n", random).readUntil("EHLO");
                peer.sendInPieces("250-mx\r\n250-SIZE 1000\r\n250 DSN\r\n", random)
                        .readUntil("MAIL");
                peer.sendInPieces("250 2.1.0 ok\r\n", random).readUntil("RCPT");
                peer.sendInPieces("250-2.1.5 well\r\n250 2.1.5 ok\n", random).readUntil("DATA");
                peer.sendInPieces("354 go\r\n", random).readUntil(".");
                peer.sendInPieces("250 2.0.0 taken\r\n", random).readUntil("QUIT");
                peer.sendInSingleOctets("221 bye\r\n");
            };
            try (ScriptedServer server = ScriptedServer.playing(script);
                    SmtpClient client = client();
                    SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
                assertThat(testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS))
                        .as("seed %d", seed)
                        .isInstanceOf(TransactionOutcome.Delivered.class);
            }
        }
    }

    @ParameterizedTest(name = "replies {0} -> {1}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "250 550 354 554 | RCPT | true  | nobody is accepted: a lone dot ends the message that nobody gets",
                "250 550 354 250 | RCPT | true  | even where the host takes it",
                "250 550 354 421 | RCPT | false | or closes",
                "250 550 503     | RCPT | true  | the usual host: no DATA without recipients",
                "550 503 354 554 | MAIL | true  | MAIL is refused, DATA is not",
                "550 250 354     | MAIL | false | a lone dot would reach the recipient as an empty mail",
            })
    void shouldSendNobodyAnEmptyMessageWhenHostWantsOneInVain(
            String replies, SmtpStep refusedAt, boolean reusable, String why) throws Exception {
        List<String> inTurn = List.of(replies.split(" "));
        ScriptedServer.Script script = upTo(SmtpStep.EHLO, peer -> {
            peer.send("250-mx\r\n250 PIPELINING\r\n").readUntil("DATA");
            peer.send(String.join(" x\r\n", inTurn.subList(0, 3)) + " x\r\n");
            if (inTurn.size() > 3) {
                assertThat(peer.readLine()).isEqualTo(".");
                peer.send(inTurn.get(3) + " x\r\n");
            }
            peer.readUntil("QUIT");
        });
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            TransactionOutcome result =
                    testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            SmtpFailure failure = result instanceof TransactionOutcome.Failed failed
                    ? failed.failure()
                    : result.refused().get(address("bob@bank.example"));
            assertThat(failure.step()).as(why).isEqualTo(refusedAt);
            assertThat(failure.permanent()).as(why).isTrue();
            assertThat(testee.isReusable()).as(why).isEqualTo(reusable);
            assertThat(server.received()).as(why).noneMatch(line -> line.startsWith("Subject"));
        }
    }

    @Test
    void shouldNotSendForeverToHostThatDoesNotRead() throws Exception {
        ScriptedServer.Script script =
                upTo(SmtpStep.DATA, peer -> peer.send("354 go ahead\r\n").ignore());
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client(SHORT);
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            TransactionOutcome outcome =
                    testee.send(envelope("bob@bank.example"), endless(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(outcome).isInstanceOfSatisfying(TransactionOutcome.Failed.class, failed -> {
                assertThat(failed.failure()).isEqualTo(new SmtpFailure.TimedOut(SmtpStep.CONTENT, SHORT, false));
            });
        }
    }

    private static MessageContent endless() {
        return new MessageContent() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                while (true) {
                    out.write(new byte[8192]);
                }
            }

            @Override
            public OptionalLong size() {
                return OptionalLong.empty();
            }

            @Override
            public boolean eightBit() {
                return false;
            }
        };
    }

    @Test
    void shouldCloseInTimeWhenHostDoesNotAnswerQuit() throws Exception {
        ScriptedServer.Script script = upTo(SmtpStep.MAIL, Peer::stall);
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client(SHORT)) {
            SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT);

            testee.close();

            assertThat(testee.isReusable()).isFalse();
            assertThat(server.received()).contains("QUIT");
        }
    }

    @Test
    void shouldNotReuseConnectionOnWhichSomethingArrivedUnasked() throws Exception {
        ScriptedServer.Script script = upTo(
                SmtpStep.EHLO,
                peer -> peer.send("250 ok\r\n421 idle too long\r\n").stall());
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            assertThat(testee.isReusable()).isFalse();
        }
    }

    @Test
    void shouldFailWhatIsUnderWayWhenAborted() throws Exception {
        try (SmtpClient client = client()) {
            SmtpConnection[] opened = new SmtpConnection[1];
            ScriptedServer.Script script = upTo(SmtpStep.MAIL, peer -> {
                opened[0].abort();
                peer.stall();
            });
            try (ScriptedServer server = ScriptedServer.playing(script)) {
                opened[0] = client.open(at(server), TlsRequirement.CLEARTEXT);

                assertThat(opened[0].send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS))
                        .isInstanceOfSatisfying(
                                TransactionOutcome.Failed.class,
                                failed -> assertThat(failed.failure()).isInstanceOf(SmtpFailure.ConnectionLost.class));
            }
        }
    }

    @Test
    void shouldFailWhenNobodyListens() throws Exception {
        int unused;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = closed.getLocalPort();
        }
        MailHostAddress host = MailHostAddress.of(new IpAddress(InetAddress.getLoopbackAddress()), unused);
        try (SmtpClient client = client()) {
            SmtpFailure failure = catchThrowableOfType(
                            SmtpException.class, () -> client.open(host, TlsRequirement.CLEARTEXT))
                    .failure();

            assertThat(failure).isInstanceOf(SmtpFailure.NotConnected.class);
            assertThat(failure.statusCode()).hasToString("4.4.1");
            assertThat(failure.message()).startsWith("no connection to [127.0.0.1]:" + unused);
        }
    }

    @ParameterizedTest
    @EnumSource(LineBreak.class)
    void shouldNotMakeSettingsWhoseHeloNameIsTwoLines(LineBreak lineBreak) {
        assertThatThrownBy(() -> new ClientSettings(
                        "mx" + lineBreak.text + "MAIL FROM:<>", Optional.empty(), TimeLimits.all(SHORT), true))
                .isInstanceOf(InvalidValueException.class);
    }

    private enum LineBreak {
        CRLF("\r\n"),
        LF("\n"),
        SPACE(" ");

        private final String text;

        LineBreak(String text) {
            this.text = text;
        }
    }
}
