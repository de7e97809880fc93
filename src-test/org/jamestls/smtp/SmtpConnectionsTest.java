package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jamestls.smtp.Sessions.at;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.envelope;
import static org.jamestls.smtp.Sessions.message;
import static org.jamestls.smtp.Sessions.tlsServer;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ScriptedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections kept open from mail to mail. */
class SmtpConnectionsTest {

    private static final Duration AMPLE = Sessions.AMPLE;
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final TlsRequirement VERIFIED = new TlsRequirement.Verified(Set.of());

    private final SmtpClient client = client();
    private SmtpConnections testee = new SmtpConnections(client, ConnectionLimits.DEFAULT, AMPLE, Clock.systemUTC());

    @AfterEach
    void close() {
        testee.close();
        client.close();
    }

    private void limit(ConnectionLimits limits, Duration patience) {
        testee.close();
        testee = new SmtpConnections(client, limits, patience, Clock.systemUTC());
    }

    private static ConnectionKey key(ReceivingServer server, TlsRequirement requirement) {
        return new ConnectionKey(at(server), requirement, Optional.empty());
    }

    private void deliver(ConnectionKey key) throws SmtpException {
        try (LeasedConnection leased = testee.lease(key)) {
            assertThat(leased.connection()
                            .send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS)
                            .delivered())
                    .hasSize(1);
        }
    }

    @Test
    void shouldSendMailsOverOneHandshake() throws Exception {
        try (ReceivingServer server = tlsServer().start()) {
            for (int i = 0; i < 5; i++) {
                deliver(key(server, VERIFIED));
            }

            assertThat(server.messages()).hasSize(5).allMatch(message -> message.overTls());
            assertThat(server.transcripts()).hasSize(1);
        }
    }

    @Test
    void shouldNotServeAnotherRequirement() throws Exception {
        try (ReceivingServer server = tlsServer().start()) {
            deliver(key(server, TlsRequirement.OPPORTUNISTIC));
            deliver(key(server, TlsRequirement.ENCRYPTED));
            deliver(key(server, VERIFIED));
            deliver(key(server, new TlsRequirement.Verified(Set.of(TrustedCommonName.parse("other.example")))));

            assertThat(server.transcripts()).hasSize(4);
        }
    }

    @Test
    void shouldNotServeOtherCredentials() throws Exception {
        try (ReceivingServer server = tlsServer()
                .account("james", "secret")
                .knowing("other", "password")
                .start()) {
            for (Optional<Credentials> credentials : List.of(
                    Optional.<Credentials>empty(),
                    Optional.of(new Credentials("james", "secret")),
                    Optional.of(new Credentials("other", "password")),
                    Optional.of(new Credentials("james", "secret")))) {
                deliver(new ConnectionKey(at(server), VERIFIED, credentials));
            }

            assertThat(server.transcripts()).hasSize(3);
        }
    }

    @Test
    void shouldTakeLeaveAfterSoManyMails() throws Exception {
        limit(new ConnectionLimits(1, 1, 2, AMPLE, AMPLE), AMPLE);
        try (ReceivingServer server = tlsServer().start()) {
            for (int i = 0; i < 4; i++) {
                deliver(key(server, VERIFIED));
            }

            assertThat(server.awaitEnded(2))
                    .hasSize(2)
                    .allSatisfy(transcript -> assertThat(transcript.commands()).endsWith("QUIT"));
        }
    }

    @Test
    void shouldTakeLeaveWhenItsTimeIsOver() throws Exception {
        limit(new ConnectionLimits(20, 200, 100, AMPLE, Duration.ZERO), AMPLE);
        try (ReceivingServer server = tlsServer().start()) {
            deliver(key(server, VERIFIED));
            deliver(key(server, VERIFIED));

            assertThat(server.awaitEnded(2)).hasSize(2);
        }
    }

    @Test
    void shouldTakeLeaveWhenIdle() throws Exception {
        limit(new ConnectionLimits(20, 200, 100, AT_ONCE, AMPLE), AMPLE);
        try (ReceivingServer server = tlsServer().start()) {
            deliver(key(server, VERIFIED));

            assertThat(server.awaitEnded(1).get(0).commands()).endsWith("QUIT");
        }
    }

    @Test
    void shouldTakeLeaveWhenClosed() throws Exception {
        try (ReceivingServer server = tlsServer().start()) {
            deliver(key(server, VERIFIED));
            assertThat(server.transcripts().get(0).commands()).doesNotContain("QUIT");

            testee.close();

            assertThat(server.awaitEnded(1).get(0).commands()).endsWith("QUIT");
        }
    }

    @Test
    void shouldLendNothingWhenClosed() throws Exception {
        try (ReceivingServer server = tlsServer().start()) {
            testee.close();

            assertThatThrownBy(() -> testee.lease(key(server, VERIFIED)))
                    .isInstanceOf(SmtpException.class)
                    .hasMessageContaining("this server is stopping");
        }
    }

    @Test
    void shouldTakeBackWhenClosed() throws Exception {
        limit(new ConnectionLimits(20, 200, 1, AMPLE, AMPLE), AMPLE);
        try (ReceivingServer server = tlsServer().start()) {
            LeasedConnection leased = testee.lease(key(server, VERIFIED));
            testee.close();
            leased.close();

            assertThat(leased.connection().isReusable()).isFalse();
            assertThat(server.awaitEnded(1)).hasSize(1);
        }
    }

    @Test
    void shouldSayWhenAllConnectionsAreInUse() throws Exception {
        limit(new ConnectionLimits(1, 2, 100, AMPLE, AMPLE), AT_ONCE);
        try (ReceivingServer server = tlsServer().start();
                LeasedConnection leased = testee.lease(key(server, VERIFIED))) {
            assertThat(leased.connection().tls()).isPresent();

            assertThatThrownBy(() -> testee.lease(key(server, VERIFIED)))
                    .isInstanceOf(SmtpException.class)
                    .hasMessageContaining("as many as are allowed are in use");
        }
    }

    @Test
    void shouldWaitForAConnectionWhenTheHostTakesNoFurtherOne() throws Exception {
        try (ReceivingServer server = tlsServer()
                .reply(SmtpStep.GREETING, "220 ready", "421 4.7.0 too many connections")
                .start()) {
            ConnectionKey key = key(server, VERIFIED);
            LeasedConnection first = testee.lease(key);
            first.connection().send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);
            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {
                try {
                    deliver(key);
                } catch (SmtpException e) {
                    throw new CompletionException(e);
                }
            });
            await().until(() -> server.transcripts().size() == 2);
            assertThat(second).isNotDone();

            first.close();

            assertThat(second).succeedsWithin(AMPLE);
            assertThat(server.messages()).hasSize(2);
            assertThat(server.transcripts())
                    .as("the host is not asked again and again")
                    .hasSize(2);
        }
    }

    @Test
    void shouldReportTheRefusalOfAHostWithoutAnyConnection() throws Exception {
        try (ReceivingServer server = tlsServer()
                .reply(SmtpStep.GREETING, "421 4.7.0 too many connections")
                .start()) {
            assertThatThrownBy(() -> testee.lease(key(server, VERIFIED)))
                    .isInstanceOf(SmtpException.class)
                    .hasMessageContaining("too many connections");
        }
    }

    @Test
    void shouldCloseWhatWaitsForAnotherHostWhenAllAreOpen() throws Exception {
        limit(new ConnectionLimits(1, 1, 100, AMPLE, AMPLE), AMPLE);
        try (ReceivingServer server = tlsServer().start();
                ReceivingServer other = tlsServer().start()) {
            deliver(key(server, VERIFIED));
            deliver(key(other, VERIFIED));

            assertThat(server.awaitEnded(1)).hasSize(1);
        }
    }

    @Test
    void shouldNotLendWhatTheHostHasSpokenOn() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(peer -> {
            peer.send("220 mx.bank.example\r\n").readUntil("EHLO");
            peer.send("250-mx.bank.example\r\n250 PIPELINING\r\n").readUntil("DATA");
            peer.send("250 sender\r\n250 recipient\r\n354 go\r\n").readUntil(".");
            peer.send("250 taken\r\n421 enough\r\n").stall();
        })) {
            ConnectionKey key = new ConnectionKey(at(server), TlsRequirement.CLEARTEXT, Optional.empty());

            deliver(key);

            assertThat(testee.hasOpen(key)).isFalse();
        }
    }

    @Test
    void shouldLendFreshConnectionInsteadOfKeptOnes() throws Exception {
        try (ReceivingServer server = tlsServer().start()) {
            deliver(key(server, VERIFIED));

            try (LeasedConnection leased = testee.leaseFresh(key(server, VERIFIED))) {
                assertThat(leased.kept()).isFalse();
            }
            assertThat(server.transcripts()).hasSize(2);
        }
    }

    @Test
    void shouldNotTryChunkingAgainAtHostThatDidNotKnowIt() throws Exception {
        try (ReceivingServer server = tlsServer()
                .offering("PIPELINING", "CHUNKING")
                .reply(SmtpStep.CONTENT, "502 5.5.1 what is BDAT?", "250 2.0.0 taken")
                .start()) {
            try (LeasedConnection leased = testee.lease(key(server, VERIFIED))) {
                TransactionOutcome outcome =
                        leased.connection().send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);
                assertThat(leased.connection().mayRepeat(outcome)).isTrue();
            }

            deliver(key(server, VERIFIED));

            assertThat(server.transcripts().get(1).commands()).contains("DATA");
        }
    }

    @Test
    void shouldNotKeepWhatServedNoMail() throws Exception {
        try (ReceivingServer server = tlsServer().start()) {
            testee.lease(key(server, VERIFIED)).close();

            assertThat(testee.hasOpen(key(server, VERIFIED)))
                    .as("a connection that has sent nothing passes for a fresh one, however old it is")
                    .isFalse();
        }
    }

    @Test
    void shouldTakeBackWhatWasLentBeforeTheEnd() throws Exception {
        try (ReceivingServer server = tlsServer().start()) {
            LeasedConnection leased = testee.lease(key(server, VERIFIED));
            testee.close();
            leased.connection().send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);

            leased.close();

            assertThat(server.awaitEnded(1)).hasSize(1);
        }
    }

    @Test
    void limitsShouldAllowSomething() {
        assertThatThrownBy(() -> new ConnectionLimits(0, 1, 1, AMPLE, AMPLE)).isInstanceOf(InvalidValueException.class);
    }
}
