package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jamestls.smtp.Sessions.AMPLE;
import static org.jamestls.smtp.Sessions.at;
import static org.jamestls.smtp.Sessions.client;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.ScriptedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that take a connection and say nothing: one connection at a time waits for them. */
@Timeout(60)
class SilentHostTest {

    private static final int MAILS = 12;
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ExecutorService mails = Executors.newFixedThreadPool(MAILS);
    private final AtomicInteger connections = new AtomicInteger();

    @AfterEach
    void endThreads() {
        mails.shutdownNow();
    }

    private static SmtpClient clientWithGreetingTime(Duration greeting) {
        return client(new ClientSettings(
                "client.example.org", Optional.empty(), new TimeLimits(AMPLE, greeting, AMPLE, AMPLE), true));
    }

    private static SmtpConnections connections(SmtpClient client) {
        return new SmtpConnections(client, ConnectionLimits.DEFAULT, AMPLE, Clock.systemUTC());
    }

    private static ConnectionKey key(ScriptedServer server) {
        return new ConnectionKey(at(server), TlsRequirement.CLEARTEXT, Optional.empty());
    }

    /** Counts the connection, and says something when the latch is open. */
    private ScriptedServer.Script greetingAfter(CountDownLatch latch) {
        return peer -> {
            connections.incrementAndGet();
            if (opens(latch)) {
                peer.send("220 mx\r\n").readUntil("EHLO").send("250 mx\r\n").readUntil("QUIT");
            }
        };
    }

    private static boolean opens(CountDownLatch latch) {
        try {
            return latch.await(AMPLE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Future<LeasedConnection>> leaseMany(SmtpConnections testee, ConnectionKey key) {
        List<Future<LeasedConnection>> leases = new ArrayList<>();
        for (int i = 0; i < MAILS; i++) {
            leases.add(mails.submit(() -> testee.lease(key)));
        }
        return leases;
    }

    @Test
    void silenceShouldBeThatOfAllMailsThatWaited() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.playingToAll(greetingAfter(never));
                SmtpClient client = clientWithGreetingTime(Duration.ofSeconds(2));
                SmtpConnections testee = connections(client)) {
            for (Future<LeasedConnection> lease : leaseMany(testee, key(server))) {
                assertThatThrownBy(lease::get)
                        .cause()
                        .isInstanceOfSatisfying(
                                SmtpException.class,
                                e -> assertThat(e.failure())
                                        .isEqualTo(new SmtpFailure.TimedOut(
                                                SmtpStep.GREETING, Duration.ofSeconds(2), false)));
            }

            assertThat(connections).hasValue(1);
        } finally {
            never.countDown();
        }
    }

    @Test
    void greetingShouldLetAllOthersOpenConnectionsAtOnce() throws Exception {
        CountDownLatch greeting = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.playingToAll(greetingAfter(greeting));
                SmtpClient client = clientWithGreetingTime(AMPLE);
                SmtpConnections testee = connections(client)) {
            List<Future<LeasedConnection>> leases = leaseMany(testee, key(server));
            await().untilAsserted(() -> assertThat(connections).hasValue(1));

            greeting.countDown();

            for (Future<LeasedConnection> lease : leases) {
                assertThat(lease.get().connection().isReusable()).isTrue();
            }
            assertThat(connections).hasValue(MAILS);
            for (Future<LeasedConnection> lease : leases) {
                lease.get().close();
            }
        }
    }

    @Test
    void hostThatFallsSilentShouldHoldUpOneConnectionFromThenOn() throws Exception {
        AtomicBoolean greets = new AtomicBoolean(true);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch now = new CountDownLatch(0);
        ScriptedServer.Script script =
                peer -> greetingAfter(greets.get() ? now : end).play(peer);
        try (ScriptedServer server = ScriptedServer.playingToAll(script);
                SmtpClient client = clientWithGreetingTime(SHORT);
                SmtpConnections testee = connections(client)) {
            testee.lease(key(server)).close();
            greets.set(false);
            assertThatThrownBy(() -> testee.lease(key(server))).hasMessageContaining("timed out at GREETING");
            connections.set(0);

            List<Future<LeasedConnection>> leases = leaseMany(testee, key(server));

            for (Future<LeasedConnection> lease : leases) {
                assertThatThrownBy(lease::get).hasMessageContaining("timed out at GREETING");
            }
            assertThat(connections.get()).isLessThan(MAILS);
        } finally {
            end.countDown();
        }
    }

    @Test
    void hostThatRefusesShouldNotCountAsSilent() throws Exception {
        ScriptedServer.Script refusing = peer -> {
            connections.incrementAndGet();
            peer.send("554 no service\r\n").readUntil("QUIT");
        };
        try (ScriptedServer server = ScriptedServer.playingToAll(refusing);
                SmtpClient client = clientWithGreetingTime(AMPLE);
                SmtpConnections testee = connections(client)) {
            for (Future<LeasedConnection> lease : leaseMany(testee, key(server))) {
                assertThatThrownBy(lease::get).hasMessageContaining("554 no service");
            }

            assertThat(connections).as("each asks for itself").hasValue(MAILS);
        }
    }

    @Test
    void endShouldNotWaitForAHostThatIsSilent() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        List<Future<LeasedConnection>> leases;
        try (ScriptedServer server = ScriptedServer.playingToAll(greetingAfter(never))) {
            try (SmtpClient client = clientWithGreetingTime(AMPLE);
                    SmtpConnections testee = connections(client)) {
                leases = leaseMany(testee, key(server));
                await().untilAsserted(() -> assertThat(connections).hasValue(1));
            }

            for (Future<LeasedConnection> lease : leases) {
                assertThatThrownBy(lease::get).hasCauseInstanceOf(SmtpException.class);
            }
        } finally {
            never.countDown();
        }
    }
}
