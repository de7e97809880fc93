package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.smtp.Sessions.address;
import static org.jamestls.smtp.Sessions.addresses;
import static org.jamestls.smtp.Sessions.at;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.envelope;
import static org.jamestls.smtp.Sessions.message;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One mail, step by step, pipelined and as a chunk: what becomes of every recipient is the same. */
class MailTransactionTest {

    private static final String STEP_BY_STEP = "DSN";
    private static final String PIPELINED = "PIPELINING";
    private static final String CHUNKED = "CHUNKING";
    private static final String IN_ONE_FLIGHT = "PIPELINING,CHUNKING";
    private static final String ON_TRIAL = "PIPELINING,CHUNKING,XTRIAL";

    @ParameterizedTest
    @ValueSource(strings = {STEP_BY_STEP, PIPELINED, CHUNKED, IN_ONE_FLIGHT, ON_TRIAL})
    void shouldDeliver(String extension) throws Exception {
        try (ReceivingServer server =
                ReceivingServer.builder().offering(extension.split(",")).start()) {
            TransactionOutcome outcome = send(server, envelope("bob@bank.example", "carol@bank.example"));

            assertThat(outcome).isInstanceOfSatisfying(TransactionOutcome.Delivered.class, delivered -> {
                assertThat(delivered.delivered()).isEqualTo(addresses("bob@bank.example", "carol@bank.example"));
                assertThat(delivered.reply()).hasToString("250 2.0.0 taken");
                assertThat(delivered.refused()).isEmpty();
                assertThat(delivered.unsent()).isEmpty();
            });
            ReceivedMessage received = server.messages().get(0);
            assertThat(received.sender()).isEqualTo("alice@sender.example");
            assertThat(received.recipients()).containsExactly("bob@bank.example", "carol@bank.example");
            assertThat(received.text()).isEqualTo("Subject: test\r\n\r\nHello\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {STEP_BY_STEP, PIPELINED, CHUNKED, IN_ONE_FLIGHT, ON_TRIAL})
    void shouldTellRecipientsApart(String extension) throws Exception {
        try (ReceivingServer server = severalFates(extension)) {
            TransactionOutcome outcome = send(server, severalRecipients());

            assertThat(outcome).isInstanceOf(TransactionOutcome.Delivered.class);
            assertThat(outcome.delivered()).isEqualTo(addresses("bob@bank.example", "dave@bank.example"));
            assertThat(outcome.unsent()).isEmpty();
            assertThat(outcome.refused())
                    .containsOnlyKeys(address("nobody@bank.example"), address("full@bank.example"))
                    .hasEntrySatisfying(address("nobody@bank.example"), failure -> {
                        assertThat(failure.permanent()).isTrue();
                        assertThat(failure.statusCode()).hasToString("5.1.1");
                    })
                    .hasEntrySatisfying(address("full@bank.example"), failure -> {
                        assertThat(failure.permanent()).isFalse();
                        assertThat(failure.statusCode()).hasToString("4.2.2");
                    });
            assertThat(server.messages())
                    .singleElement()
                    .satisfies(received ->
                            assertThat(received.recipients()).containsExactly("bob@bank.example", "dave@bank.example"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {STEP_BY_STEP, PIPELINED, CHUNKED, IN_ONE_FLIGHT, ON_TRIAL})
    void shouldSendToNobodyWhenOneIsRefusedAndAllAreAsked(String extension) throws Exception {
        try (ReceivingServer server = severalFates(extension);
                SmtpClient client = client();
                SmtpConnection testee = open(client, server)) {
            TransactionOutcome outcome = testee.send(severalRecipients(), message(), SendTo.ALL_OR_NONE);

            assertThat(outcome).isInstanceOf(TransactionOutcome.RecipientsRefused.class);
            assertThat(outcome.unsent()).isEqualTo(addresses("bob@bank.example", "dave@bank.example"));
            assertThat(outcome.refused())
                    .containsOnlyKeys(address("nobody@bank.example"), address("full@bank.example"));
            assertThat(outcome.delivered()).isEmpty();
            assertThat(testee.isReusable()).isTrue();
            testee.send(envelope("bob@bank.example"), message(), SendTo.ALL_OR_NONE);
            assertThat(server.messages())
                    .singleElement()
                    .satisfies(received -> assertThat(received.recipients()).containsExactly("bob@bank.example"));
            assertThat(server.transcripts().get(0).commands())
                    .containsOnlyOnce(extension.contains(CHUNKED) ? "BDAT 24 LAST" : "DATA")
                    .containsOnlyOnce("RSET");
        }
    }

    private static ReceivingServer severalFates(String extension) {
        return ReceivingServer.builder()
                .offering(extension.split(","))
                .replyToRecipient("nobody@bank.example", "550 5.1.1 no such user")
                .replyToRecipient("full@bank.example", "452 4.2.2 mailbox full")
                .replyToRecipient("dave@bank.example", "251 2.1.5 will forward")
                .start();
    }

    private static Envelope severalRecipients() {
        return envelope("nobody@bank.example", "bob@bank.example", "full@bank.example", "dave@bank.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {STEP_BY_STEP, PIPELINED, CHUNKED, IN_ONE_FLIGHT, ON_TRIAL})
    void shouldSendNoMessageWhenAllRecipientsAreRefused(String extension) throws Exception {
        try (ReceivingServer server = ReceivingServer.builder()
                        .offering(extension.split(","))
                        .reply(SmtpStep.RCPT, "550 5.1.1 no such user", "250 2.1.5 ok")
                        .start();
                SmtpClient client = client();
                SmtpConnection testee = open(client, server)) {
            TransactionOutcome outcome =
                    testee.send(envelope("nobody@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(outcome).isInstanceOf(TransactionOutcome.RecipientsRefused.class);
            assertThat(outcome.refused()).containsOnlyKeys(address("nobody@bank.example"));
            assertThat(outcome.unsent()).isEmpty();
            assertThat(testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS))
                    .isInstanceOf(TransactionOutcome.Delivered.class);
            assertThat(server.messages()).hasSize(1);
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "DSN, MAIL, 450 4.7.1 greylisted, false",
        "DSN, MAIL, 550 5.7.1 no, true",
        "DSN, MAIL, 421 4.3.2 closing, false",
        "DSN, RCPT, 421 4.3.2 closing, false",
        "DSN, DATA, 451 4.3.0 later, false",
        "DSN, DATA, 554 5.7.1 no, true",
        "DSN, DATA, 421 4.3.2 closing, false",
        "DSN, CONTENT, 451 4.3.0 later, false",
        "DSN, CONTENT, 552 5.3.4 too big, true",
        "DSN, CONTENT, 421 4.3.2 closing, false",
        "PIPELINING, MAIL, 450 4.7.1 greylisted, false",
        "PIPELINING, MAIL, 550 5.7.1 no, true",
        "PIPELINING, MAIL, 421 4.3.2 closing, false",
        "PIPELINING, RCPT, 421 4.3.2 closing, false",
        "PIPELINING, DATA, 451 4.3.0 later, false",
        "PIPELINING, DATA, 554 5.7.1 no, true",
        "PIPELINING, DATA, 421 4.3.2 closing, false",
        "PIPELINING, CONTENT, 451 4.3.0 later, false",
        "PIPELINING, CONTENT, 552 5.3.4 too big, true",
        "PIPELINING, CONTENT, 421 4.3.2 closing, false",
        "CHUNKING, MAIL, 450 4.7.1 greylisted, false",
        "CHUNKING, MAIL, 550 5.7.1 no, true",
        "CHUNKING, MAIL, 421 4.3.2 closing, false",
        "CHUNKING, RCPT, 421 4.3.2 closing, false",
        "CHUNKING, CONTENT, 451 4.3.0 later, false",
        "CHUNKING, CONTENT, 552 5.3.4 too big, true",
        "CHUNKING, CONTENT, 421 4.3.2 closing, false",
        "'PIPELINING,CHUNKING', MAIL, 450 4.7.1 greylisted, false",
        "'PIPELINING,CHUNKING', MAIL, 550 5.7.1 no, true",
        "'PIPELINING,CHUNKING', MAIL, 421 4.3.2 closing, false",
        "'PIPELINING,CHUNKING', RCPT, 421 4.3.2 closing, false",
        "'PIPELINING,CHUNKING', CONTENT, 451 4.3.0 later, false",
        "'PIPELINING,CHUNKING', CONTENT, 552 5.3.4 too big, true",
        "'PIPELINING,CHUNKING', CONTENT, 421 4.3.2 closing, false",
        "'PIPELINING,CHUNKING,XTRIAL', MAIL, 450 4.7.1 greylisted, false",
        "'PIPELINING,CHUNKING,XTRIAL', RCPT, 421 4.3.2 closing, false",
        "'PIPELINING,CHUNKING,XTRIAL', CONTENT, 421 4.3.2 closing, false"
    })
    void shouldFailAsAWholeAndRemainUsableUnlessTheHostCloses(
            String extension, SmtpStep step, String reply, boolean permanent) throws Exception {
        boolean closing = reply.startsWith("421");
        try (ReceivingServer server = ReceivingServer.builder()
                        .offering(extension.split(","))
                        .reply(step, reply, usual(step))
                        .start();
                SmtpClient client = client();
                SmtpConnection testee = open(client, server)) {
            TransactionOutcome outcome = testee.send(
                    envelope("bob@bank.example", "carol@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(outcome).isInstanceOfSatisfying(TransactionOutcome.Failed.class, failed -> {
                assertThat(failed.failure())
                        .isEqualTo(new SmtpFailure.Refused(
                                step,
                                SmtpReply.of(Integer.parseInt(reply.substring(0, 3)), List.of(reply.substring(4)))));
                assertThat(failed.failure().permanent()).isEqualTo(permanent);
                assertThat(failed.failure().outcomeUnknown()).isFalse();
                assertThat(failed.unsent()).isEqualTo(addresses("bob@bank.example", "carol@bank.example"));
            });
            assertThat(server.messages()).isEmpty();
            assertThat(testee.isReusable()).isEqualTo(!closing);
            if (!closing) {
                assertThat(testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS))
                        .isInstanceOf(TransactionOutcome.Delivered.class);
            }
        }
    }

    private static String usual(SmtpStep step) {
        return switch (step) {
            case DATA -> "354 go ahead";
            case CONTENT -> "250 2.0.0 ok";
            default -> "250 2.1.0 ok";
        };
    }

    @Test
    void shouldSendManyRecipientsInGroups() throws Exception {
        String[] many = IntStream.range(0, 500)
                .mapToObj(i -> "user" + i + "@bank.example")
                .toArray(String[]::new);
        try (ReceivingServer server =
                ReceivingServer.builder().offering(PIPELINED).start()) {
            assertThat(send(server, envelope(many)).delivered()).hasSize(500);
            assertThat(server.messages().get(0).recipients()).containsExactly(many);
        }
    }

    @Test
    void shouldUseOneConnectionForSeveralMails() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder().start();
                SmtpClient client = client()) {
            try (SmtpConnection testee = open(client, server)) {
                for (int i = 0; i < 3; i++) {
                    testee.send(envelope("bob@bank.example"), message("mail " + i), SendTo.ACCEPTED_RECIPIENTS);
                }
            }
            assertThat(server.awaitEnded(1)).hasSize(1);
            assertThat(server.messages())
                    .extracting(ReceivedMessage::text)
                    .containsExactly("mail 0\r\n", "mail 1\r\n", "mail 2\r\n");
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "DSN               | ''                     | without SIZE",
                "SIZE 100000       | SIZE=14                | the size, where it may be declared (RFC 1870)",
                "SIZE              | SIZE=14                | whatever the limit",
            })
    void shouldDeclareSize(String extension, String parameters, String why) throws Exception {
        try (ReceivingServer server =
                ReceivingServer.builder().offering(extension.split(",")).start()) {
            send(server, envelope("bob@bank.example"), message("Subject: x\r\n\r\n"));

            assertThat(server.messages().get(0).mailParameters()).as(why).isEqualTo(parameters);
        }
    }

    @Test
    void shouldSendNullSender() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder().start()) {
            send(server, Envelope.of(Optional.empty(), addresses("bob@bank.example")));

            assertThat(server.messages().get(0).sender()).isEmpty();
        }
    }

    @Test
    void shouldSendAddressLiteral() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder().start()) {
            send(server, envelope("bob@[192.0.2.1]", "bob@[IPv6:2001:db8::1]"));

            assertThat(server.messages().get(0).recipients())
                    .containsExactly("bob@[192.0.2.1]", "bob@[IPv6:2001:db8:0:0:0:0:0:1]");
        }
    }

    @Test
    void shouldSendToEachAddressOnce() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder().start()) {
            send(server, envelope("bob@bank.example", "bob@BANK.example"));

            assertThat(server.messages().get(0).recipients()).containsExactly("bob@bank.example");
        }
    }

    @Test
    void shouldMarkEightBitContent() throws Exception {
        try (ReceivingServer server =
                ReceivingServer.builder().offering("8BITMIME").start()) {
            send(server, envelope("bob@bank.example"), message("Subject: x\r\n\r\n\u00e4\r\n"));

            assertThat(server.messages().get(0).mailParameters()).isEqualTo("BODY=8BITMIME");
            assertThat(server.messages().get(0).text()).endsWith("\u00c3\u00a4\r\n");
        }
    }

    @Test
    void shouldNotSendEightBitContentToHostWithout8BitMime() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder().start()) {
            assertThatCannotBeSent(
                    send(server, envelope("bob@bank.example"), message("\u00e4")), server, "5.6.3", "8BITMIME");
        }
    }

    @Test
    void shouldNotSendSenderBeyondAsciiToHostWithoutSmtpUtf8() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder().start()) {
            Envelope envelope =
                    Envelope.of(Optional.of(address("\u00e4@sender.example")), addresses("bob@bank.example"));

            assertThatCannotBeSent(send(server, envelope), server, "5.6.7", "SMTPUTF8");
        }
    }

    @Test
    void shouldNotSendUtf8HeaderToHostWithoutSmtpUtf8() throws Exception {
        try (ReceivingServer server =
                ReceivingServer.builder().offering("8BITMIME").start()) {
            assertThatCannotBeSent(
                    send(server, envelope("bob@bank.example"), withUtf8Header()), server, "5.6.7", "SMTPUTF8");
        }
    }

    private static void assertThatCannotBeSent(
            TransactionOutcome outcome, ReceivingServer server, String code, String reason) {
        assertThat(outcome).isInstanceOfSatisfying(TransactionOutcome.Failed.class, failed -> {
            assertThat(failed.failure().permanent()).isTrue();
            assertThat(failed.failure().statusCode()).hasToString(code);
            assertThat(failed.failure().message()).contains(reason);
        });
        assertThat(server.awaitEnded(1).get(0).commands()).containsExactly("EHLO client.example.org", "QUIT");
    }

    @Test
    void shouldRefuseRecipientBeyondAsciiAloneAtHostWithoutSmtpUtf8() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder().start()) {
            TransactionOutcome outcome = send(server, envelope("b\u00f6b@bank.example", "carol@bank.example"));

            assertThat(outcome.delivered()).isEqualTo(addresses("carol@bank.example"));
            assertThat(outcome.refused())
                    .hasEntrySatisfying(
                            address("b\u00f6b@bank.example"),
                            failure -> assertThat(failure.statusCode()).hasToString("5.6.7"));
        }
    }

    @Test
    void shouldAskForSmtpUtf8WhereItIsNeeded() throws Exception {
        try (ReceivingServer server =
                ReceivingServer.builder().offering("SMTPUTF8", "8BITMIME").start()) {
            send(server, envelope("b\u00f6b@bank.example"));
            send(server, envelope("bob@bank.example"), withUtf8Header());
            send(server, envelope("bob@bank.example"));

            assertThat(server.messages())
                    .extracting(ReceivedMessage::mailParameters)
                    .containsExactly("SMTPUTF8", "BODY=8BITMIME SMTPUTF8", "");
            assertThat(server.messages().get(0).recipients()).containsExactly("b\u00f6b@bank.example");
        }
    }

    private static MessageContent withUtf8Header() {
        return new MessageContent() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                message("Subject: \u00e4\r\n\r\n").writeTo(out);
            }

            @Override
            public OptionalLong size() {
                return OptionalLong.empty();
            }

            @Override
            public boolean eightBit() {
                return true;
            }

            @Override
            public boolean utf8Header() {
                return true;
            }
        };
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "DSN  | RET=HDRS ENVID=a+20b | RCPT TO:<bob@bank.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b@x.example"
                        + " | passed on (RFC 3461)",
                "SIZE | SIZE=24              | RCPT TO:<bob@bank.example> | kept where DSN is not offered",
            })
    void shouldPassOnWhatTheSenderAskedOfNotifications(String extension, String onMail, String rcpt, String why)
            throws Exception {
        Envelope envelope = new Envelope(
                Optional.of(address("alice@sender.example")),
                List.of(new Recipient(
                        address("bob@bank.example"),
                        Set.of(Recipient.Notify.DELAY, Recipient.Notify.FAILURE),
                        Optional.of(new Recipient.OriginalRecipient("rfc822", XText.encode("b@x.example"))))),
                Optional.of(Envelope.Returned.HDRS),
                Optional.of(XText.encode("a b")),
                OptionalInt.empty(),
                false);
        try (ReceivingServer server =
                ReceivingServer.builder().offering(extension.split(",")).start()) {
            send(server, envelope);

            assertThat(server.messages().get(0).mailParameters()).as(why).isEqualTo(onMail);
            assertThat(server.transcripts().get(0).commands()).as(why).contains(rcpt);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {IOException.class, IllegalStateException.class})
    void shouldNeverEndAMessageThatCannotBeRead(Class<? extends Exception> kind) throws Exception {
        try (ReceivingServer server = ReceivingServer.builder().start();
                SmtpClient client = client();
                SmtpConnection testee = open(client, server)) {
            Exception thrown = kind.getConstructor(String.class).newInstance("disk failed");

            TransactionOutcome outcome =
                    testee.send(envelope("bob@bank.example"), breakingOff(thrown), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            TransactionOutcome.Failed.class,
                            failed -> assertThat(failed.failure())
                                    .isEqualTo(new SmtpFailure.ContentUnreadable("disk failed")));
            assertThat(testee.isReusable()).isFalse();
            server.awaitEnded(1);
            assertThat(server.messages()).isEmpty();
        }
    }

    private static MessageContent breakingOff(Exception thrown) {
        return new MessageContent() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write("Subject: half\r\n".getBytes(StandardCharsets.US_ASCII));
                if (thrown instanceof IOException unreadable) {
                    throw unreadable;
                }
                throw (RuntimeException) thrown;
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
    void shouldTransferBigMessageExactly() throws Exception {
        String big = ("x".repeat(70) + "\r\n..dots\r\n").repeat(40_000);
        try (ReceivingServer server = ReceivingServer.builder().start()) {
            send(server, envelope("bob@bank.example"), message(big));

            assertThat(server.messages().get(0).text()).isEqualTo(big);
        }
    }

    @Test
    void shouldKeepOutcomesUnchangeable() {
        TransactionOutcome.Failed testee = new TransactionOutcome.Failed(
                new SmtpFailure.ContentUnreadable("x"), addresses("bob@bank.example"), Map.of());

        assertThat(testee.refused()).isUnmodifiable();
        assertThat(testee.unsent()).isUnmodifiable();
    }

    /** Every host but the one on trial has taken BDAT before. */
    private static SmtpConnection open(SmtpClient client, ReceivingServer server) throws SmtpException {
        SmtpConnection connection = client.open(at(server), TlsRequirement.CLEARTEXT);
        if (!connection.capabilities().keywords().containsKey("XTRIAL")) {
            connection.share(Sessions.proven());
        }
        return connection;
    }

    private static TransactionOutcome send(ReceivingServer server, Envelope envelope) throws SmtpException {
        return send(server, envelope, message());
    }

    private static TransactionOutcome send(ReceivingServer server, Envelope envelope, MessageContent content)
            throws SmtpException {
        try (SmtpClient client = client();
                SmtpConnection testee = open(client, server)) {
            return testee.send(envelope, content, SendTo.ACCEPTED_RECIPIENTS);
        }
    }
}
