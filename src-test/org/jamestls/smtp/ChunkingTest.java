package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamestls.smtp.Sessions.AMPLE;
import static org.jamestls.smtp.Sessions.addresses;
import static org.jamestls.smtp.Sessions.at;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.envelope;
import static org.jamestls.smtp.Sessions.message;
import static org.jamestls.smtp.Sessions.openToProven;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ScriptedServer;
import org.jamestls.tls.KeyExchange;
import org.jamestls.tls.TlsClient;
import org.jamestls.tls.TlsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message as the chunk of a BDAT command (RFC 3030). */
class ChunkingTest {

    private static final String GREETING = "220 mx.bank.example\r\n";
    private static final String OFFER = "250-mx.bank.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n";

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\r\\nb\\r\\n       | a\\r\\nb\\r\\n                 | canonical line ends are kept",
                "a\\nb\\n             | a\\r\\nb\\r\\n                 | a bare LF becomes a line end",
                "a\\rb\\r             | a\\r\\nb\\r\\n                 | a bare CR becomes a line end",
                "a                    | a\\r\\n                        | the last line gets its end",
                ".\\r\\n..\\r\\n.b   | .\\r\\n..\\r\\n.b\\r\\n        | dots are not doubled (RFC 3030, 2)",
                "a\\n.\\nQUIT\\n      | a\\r\\n.\\r\\nQUIT\\r\\n       | a lone dot ends nothing",
                "''                   | ''                             | an empty message",
            })
    void shouldCountWhatItSends(String written, String received, String why) throws Exception {
        try (ReceivingServer server =
                        ReceivingServer.builder().offering("CHUNKING").start();
                SmtpClient client = client();
                SmtpConnection testee = openToProven(client, at(server))) {
            testee.send(envelope("bob@bank.example"), message(unescaped(written)), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(server.messages())
                    .as(why)
                    .extracting(ReceivedMessage::text)
                    .containsExactly(unescaped(received));
            assertThat(server.transcripts().get(0).commands())
                    .contains("BDAT " + unescaped(received).length() + " LAST");
        }
    }

    private static String unescaped(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }

    @Test
    void shouldStreamLongMessageByData() throws Exception {
        String longMessage = "0123456789\r\n".repeat(Chunk.LONGEST / 12 + 1);
        try (ReceivingServer server = ReceivingServer.builder()
                        .offering("PIPELINING", "CHUNKING")
                        .start();
                SmtpClient client = client();
                SmtpConnection testee = openToProven(client, at(server))) {
            testee.send(envelope("bob@bank.example"), message(longMessage), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(server.transcripts().get(0).commands()).contains("DATA");
            assertThat(server.messages()).extracting(ReceivedMessage::text).containsExactly(longMessage);
        }
    }

    @Test
    void shouldSendEverythingBeforeTheFirstReply() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(peer -> {
                    openedBy(peer);
                    peer.readUntil("MAIL").readUntil("RCPT").readUntil("BDAT").readUntil("Hello");
                    peer.send("250 2.1.0 sender\r\n250 2.1.5 recipient\r\n250 2.0.0 taken\r\n")
                            .stall();
                });
                SmtpClient client = client();
                SmtpConnection testee = openToProven(client, at(server))) {
            assertThat(testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS)
                            .delivered())
                    .isEqualTo(addresses("bob@bank.example"));
        }
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                   | true  | nothing was answered: the host may have taken the message",
                "250 2.1.0 sender                     | true  | the recipient was not answered",
                "250 2.1.0 sender,250 2.1.5 recipient | true  | the message was not answered",
                "250 2.1.0 sender,550 no such user    | false | without a recipient it cannot have been taken",
                "550 not you                          | false | without a sender it cannot have been taken",
            })
    void shouldKnowWhetherTheMessageMayHaveBeenTaken(String replies, boolean unknown, String why) throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(peer -> {
                    openedBy(peer);
                    peer.readUntil("Hello");
                    for (String reply : replies.isEmpty() ? new String[0] : replies.split(",")) {
                        peer.send(reply + "\r\n");
                    }
                });
                SmtpClient client = client();
                SmtpConnection testee = openToProven(client, at(server))) {
            TransactionOutcome outcome =
                    testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(outcome.delivered()).as(why).isEmpty();
            assertThat(outcome)
                    .as(why)
                    .isInstanceOfSatisfying(
                            TransactionOutcome.Failed.class,
                            failed -> assertThat(failed.failure().outcomeUnknown())
                                    .isEqualTo(unknown));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 501, 502, 503, 504})
    void shouldAskForAFreshConnectionWhenTheHostDoesNotKnowWhatItOffered(int code) throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(peer -> {
                    openedBy(peer);
                    peer.readUntil("Hello");
                    peer.send("250 2.1.0 sender\r\n250 2.1.5 recipient\r\n" + code + " what is BDAT?\r\n")
                            .stall();
                });
                SmtpClient client = client();
                SmtpConnection testee = openToProven(client, at(server))) {
            TransactionOutcome outcome =
                    testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(testee.mayRepeat(outcome)).isTrue();
            assertThat(testee.isReusable())
                    .as("the host may take what follows for commands")
                    .isFalse();
        }
    }

    @Test
    void shouldNotBeRepeatedWhenRecipientsWereRefused() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder()
                        .offering("PIPELINING", "CHUNKING")
                        .reply(SmtpStep.RCPT, "550 5.1.1 no such user")
                        .start();
                SmtpClient client = client();
                SmtpConnection testee = openToProven(client, at(server))) {
            TransactionOutcome outcome =
                    testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(outcome).isInstanceOf(TransactionOutcome.RecipientsRefused.class);
            assertThat(testee.mayRepeat(outcome)).isFalse();
        }
    }

    @Test
    void chunkShouldNotFollowACommandThatTheHostRefusesBeforeIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(peer -> {
                    openedBy(peer);
                    peer.readUntil("RCPT").send("250 2.1.0 sender\r\n250 2.1.5 recipient\r\n");
                    peer.readUntil("BDAT").send("502 5.5.1 what is BDAT?\r\n");
                    peer.readUntil("QUIT");
                });
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            TransactionOutcome outcome =
                    testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(testee.mayRepeat(outcome)).isTrue();
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            TransactionOutcome.Failed.class,
                            failed -> assertThat(failed.failure().outcomeUnknown())
                                    .isFalse());
            await().until(() -> server.received().contains("(ended)"));
            assertThat(server.received())
                    .as("nothing of the message ran as a command")
                    .noneMatch(line -> line.startsWith("Subject") || line.startsWith("Hello"));
        }
    }

    @ParameterizedTest(name = "{0}, {1}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "250 2.1.0 ok | 250 2.1.5 ok | BDAT | both replies say that they are about an address",
                "250 ok       | 250 2.1.5 ok | DATA | the reply to MAIL may be any",
                "250 2.1.0 ok | 250 ok       | DATA | the reply to RCPT may be any",
                "250 2.0.0 ok | 250 2.1.5 ok | DATA | the reply to MAIL belongs to something else",
            })
    void shouldUseBdatOnlyWhereRepliesShowWhatTheyBelongTo(String mail, String rcpt, String command, String why)
            throws Exception {
        try (ReceivingServer server = ReceivingServer.builder()
                        .offering("PIPELINING", "CHUNKING")
                        .reply(SmtpStep.MAIL, mail)
                        .reply(SmtpStep.RCPT, rcpt)
                        .start();
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(server.messages()).as(why).hasSize(1);
            assertThat(server.transcripts().get(0).commands()).as(why).anyMatch(line -> line.startsWith(command));
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "250 2.1.0 a,250 2.1.5 b,250 2.0.0 c,250 2.0.0 d | one reply too many",
                "250 2.1.0 a,250 2.1.5 b,250 c,421 4.3.2 d       | either may be the reply to the message",
                "250 2.0.0 z,250 2.1.0 a,250 2.1.5 b             | one of an earlier mail comes first",
                "250 2.1.0 a,250 2.1.5 b,250 2.1.5 b             | the recipient is answered twice",
                "554 5.0.0 z,250 2.1.0 a,250 2.1.5 b             | nobody is to get what the host seems to take",
            })
    void shouldLeaveTheOutcomeOpenWhenRepliesDoNotFit(String replies, String why) throws Exception {
        KnownHost host = Sessions.proven();
        try (ScriptedServer server = ScriptedServer.playing(peer -> {
                    openedBy(peer);
                    peer.readUntil("Hello").send(replies.strip().replace(",", "\r\n") + "\r\n");
                    peer.stall();
                });
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            testee.share(host);
            TransactionOutcome outcome =
                    testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(outcome).as(why).isInstanceOfSatisfying(TransactionOutcome.Failed.class, failed -> {
                assertThat(failed.failure()).isInstanceOf(SmtpFailure.ProtocolBroken.class);
                assertThat(failed.failure().outcomeUnknown()).isTrue();
            });
            assertThat(testee.isReusable()).as(why).isFalse();
            assertThat(testee.mayRepeat(outcome)).as(why).isTrue();
            assertThat(host.beginChunk()).as(why).isEqualTo(KnownHost.Chunking.NONE);
        }
    }

    /** RFC 5321 §3.8: 421 may come at any time. */
    @Test
    void shouldBelieveAReplyThatShowsItsPlaceThoughTheHostCloses() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(peer -> {
                    openedBy(peer);
                    peer.readUntil("Hello").send("250 2.1.0 a\r\n250 2.1.5 b\r\n250 2.0.0 c\r\n421 4.3.2 d\r\n");
                    peer.stall();
                });
                SmtpClient client = client();
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            testee.share(Sessions.proven());
            TransactionOutcome outcome =
                    testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(outcome).isInstanceOf(TransactionOutcome.Delivered.class);
            assertThat(testee.isReusable()).isFalse();
        }
    }

    /** The waits of the first two mails end inside the TLS layer, which has to go on after them. */
    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void shouldGoAlongOverTlsOnceTheHostHasTakenTwo(TlsProvider provider) throws Exception {
        KnownHost host = new KnownHost();
        TlsClient tls = provider.client(
                TrustedRoots.of(List.of(Sessions.AUTHORITY.certificate())),
                KeyExchange.CLASSICAL,
                Clock.systemUTC(),
                AMPLE);
        ClientSettings settings =
                new ClientSettings("client.example.org", Optional.empty(), TimeLimits.all(AMPLE), true);
        try (ReceivingServer server =
                        Sessions.tlsServer().offering("PIPELINING", "CHUNKING").start();
                SmtpClient client = new SmtpClient(tls, settings);
                SmtpConnection testee = client.open(at(server), TlsRequirement.ENCRYPTED)) {
            testee.share(host);
            for (int i = 0; i < 4; i++) {
                assertThat(testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS)
                                .delivered())
                        .hasSize(1);
            }

            assertThat(host.beginChunk()).isEqualTo(KnownHost.Chunking.PROVEN);
            assertThat(server.messages()).hasSize(4);
            assertThat(server.transcripts().get(0).commands())
                    .filteredOn(line -> line.startsWith("BDAT"))
                    .hasSize(4);
        }
    }

    @Test
    void shouldBeLeftOutWhenSwitchedOff() throws Exception {
        ClientSettings settings =
                new ClientSettings("client.example.org", Optional.empty(), TimeLimits.all(AMPLE), false);
        try (ReceivingServer server = ReceivingServer.builder()
                        .offering("PIPELINING", "CHUNKING")
                        .start();
                SmtpClient client = Sessions.client(settings);
                SmtpConnection testee = openToProven(client, at(server))) {
            testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(server.transcripts().get(0).commands()).contains("DATA");
        }
    }

    private static void openedBy(ScriptedServer.Peer peer) throws IOException {
        peer.send(GREETING).readUntil("EHLO");
        peer.send(OFFER);
    }
}
