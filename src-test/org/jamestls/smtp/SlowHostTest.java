package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.smtp.Sessions.addresses;
import static org.jamestls.smtp.Sessions.at;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.envelope;
import static org.jamestls.smtp.Sessions.message;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that answer each command within the time-out, and only just. */
@Timeout(60)
class SlowHostTest {

    private static final Duration TIMEOUT = Duration.ofMillis(600);
    private static final int PAUSE_MILLIS = 350;
    private static final String[] MANY =
            IntStream.range(0, 30).mapToObj(i -> "user" + i + "@bank.example").toArray(String[]::new);

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers every command and the message, RCPT after a pause. */
    private static ScriptedServer.Script slow(String offer) {
        return peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO");
            peer.send("250-mx\r\n250 " + offer + "\r\n");
            for (String line = peer.readLine(); !line.equals("QUIT"); line = peer.readLine()) {
                if (line.startsWith("RCPT")) {
                    pause();
                }
                if (line.equals("DATA")) {
                    peer.send("354 go\r\n").readUntil(".");
                }
                peer.send("250 2.1.0 ok\r\n");
            }
        };
    }

    @Test
    void mailShouldGoToThoseWhoWereAcceptedInTime() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(slow("DSN"));
                SmtpClient client = client(TIMEOUT);
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            TransactionOutcome outcome = testee.send(envelope(MANY), message(), SendTo.ACCEPTED_RECIPIENTS);

            assertThat(outcome).isInstanceOf(TransactionOutcome.Delivered.class);
            assertThat(outcome.delivered()).isNotEmpty().hasSizeLessThan(10);
            assertThat(outcome.delivered())
                    .isEqualTo(addresses(MANY).subList(0, outcome.delivered().size()));
            assertThat(outcome.refused())
                    .hasSize(MANY.length - outcome.delivered().size())
                    .allSatisfy((address, failure) -> {
                        assertThat(failure.permanent()).isFalse();
                        assertThat(failure.message()).contains("longer than 2400 ms", "turn did not come");
                        assertThat(failure.statusCode()).hasToString("4.4.5");
                    });
        }
    }

    @Test
    void allShouldWaitWhenAllOrNoneAreToGetIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(slow("DSN"));
                SmtpClient client = client(TIMEOUT);
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            TransactionOutcome outcome = testee.send(envelope(MANY), message(), SendTo.ALL_OR_NONE);

            assertThat(outcome).isInstanceOf(TransactionOutcome.RecipientsRefused.class);
            assertThat(server.received()).doesNotContain("DATA");
        }
    }

    @Test
    void groupShouldHaveATimeOfItsOwnAndGoOneByOneNextTime() throws Exception {
        KnownHost host = new KnownHost();
        try (ScriptedServer server = ScriptedServer.playing(slow("PIPELINING"));
                SmtpClient client = client(TIMEOUT)) {
            try (SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
                testee.share(host);
                TransactionOutcome outcome = testee.send(envelope(MANY), message(), SendTo.ACCEPTED_RECIPIENTS);

                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                TransactionOutcome.Failed.class,
                                failed -> assertThat(failed.failure())
                                        .isEqualTo(new SmtpFailure.TimedOut(
                                                SmtpStep.RCPT, TIMEOUT.multipliedBy(4), false)));
            }
            try (SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
                testee.share(host);

                assertThat(testee.send(envelope(MANY), message(), SendTo.ACCEPTED_RECIPIENTS)
                                .delivered())
                        .as("every attempt gets somewhere")
                        .isNotEmpty();
            }
        }
    }

    @Test
    void replyToAMessageShouldHaveATimeOfItsOwn() throws Exception {
        ClientSettings settings = new ClientSettings(
                "client.example.org",
                Optional.empty(),
                new TimeLimits(TIMEOUT, TIMEOUT, Duration.ofMillis(200), Sessions.AMPLE),
                true);
        ScriptedServer.Script script = peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO").send("250 mx\r\n");
            for (String reply : List.of("250 ok", "250 ok", "354 go")) {
                peer.readLine();
                peer.send(reply + "\r\n");
            }
            peer.readUntil(".");
            pause();
            pause();
            peer.send("250 taken\r\n").readUntil("QUIT");
        };
        try (ScriptedServer server = ScriptedServer.playing(script);
                SmtpClient client = client(settings);
                SmtpConnection testee = client.open(at(server), TlsRequirement.CLEARTEXT)) {
            assertThat(testee.send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS))
                    .isInstanceOf(TransactionOutcome.Delivered.class);
        }
    }
}
