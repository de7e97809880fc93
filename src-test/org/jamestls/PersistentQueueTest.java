package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.MailetOnQueue;
import org.jamestls.james.QueueKind;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.Fault;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ScriptedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a server whose queue is on disk, and what the next server finds there. */
class PersistentQueueTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How a server ends. */
    private enum End {
        STOPPED {
            @Override
            void of(MailetOnQueue mailet) throws Exception {
                mailet.destroy();
                mailet.queues().restart();
            }
        },
        BROKER_STOPPED_FIRST {
            @Override
            void of(MailetOnQueue mailet) throws Exception {
                mailet.queues().restart();
                mailet.destroyAtOnce();
            }
        },
        KILLED {
            @Override
            void of(MailetOnQueue mailet) throws Exception {
                mailet.queues().crash(mailet::destroyAtOnce);
            }
        };

        abstract void of(MailetOnQueue mailet) throws Exception;
    }

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory, QueueKind.ACTIVEMQ);
        stage.policy("<domain name='bank.example'/>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void nextServerShouldDeliverWhatWaitedAndWhatWasUnderWay(End end) throws Exception {
        ReceivingServer bank =
                stage.mx("bank.example", stage.trustedFor("mx.bank.example").fault(Moment.CONTENT, Fault.SILENCE, 2));
        ReceivingServer done = stage.mx("done.example", stage.trustedFor("mx.done.example"));
        stage.mx("later.example", stage.trustedFor("mx.later.example").reply(SmtpStep.MAIL, "451 4.3.0 later"));
        List<String> toBank = recipients(30, "bank.example");
        List<String> toDone = recipients(5, "done.example");
        try (MailetOnQueue testee = mailet(Map.of("maxConnectionsPerHost", "2", "queueWindow", "20"))) {
            send(testee, toDone);
            waitUntilSize(testee, 0);
            send(testee, List.of("a@later.example"));
            waitUntilPostponed(testee);
            send(testee, toBank);
            waitUntil(() -> bank.transcripts().size() == 2);

            end.of(testee);
            assertThat(testee.queued()).as("nothing is in delivery").hasSize(31);
            testee.init();
            waitUntilSize(testee, 1);

            assertThat(recipients(bank)).containsExactlyInAnyOrderElementsOf(toBank);
            assertThat(recipients(done)).containsExactlyInAnyOrderElementsOf(toDone);
            assertThat(testee.queued()).extracting(Mail::getState).containsExactly(Mail.ERROR);
            assertThat(testee.bounced()).isEmpty();
            assertThat(testee.queues().deadLetters()).isEmpty();
        }
    }

    /** RFC 1047: a host may have taken what it did not say that it took. */
    @ParameterizedTest
    @EnumSource(names = {"BROKER_STOPPED_FIRST", "KILLED"})
    void onlyMailThatTheHostHadInFullShouldBeSentTwice(End end) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (ScriptedServer taking = ScriptedServer.playing(peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO");
            peer.send("250 mx\r\n").readUntil("MAIL");
            peer.send("250 ok\r\n").readUntil("RCPT");
            peer.send("250 ok\r\n").readUntil("DATA");
            peer.send("354 go\r\n").readUntil(".");
            peer.send(ended.get() ? "250 taken\r\n" : "").readUntil("QUIT");
        })) {
            stage.policy("<otherDomains><tls>none</tls></otherDomains>");
            try (MailetOnQueue testee = mailet(Map.of("gateway", "127.0.0.1:" + taking.port()))) {
                send(testee, List.of("a@other.example"));
                waitUntil(() -> taking.received().contains("."));

                end.of(testee);
                ended.set(true);
                testee.init();
                waitUntilSize(testee, 0);

                assertThat(taking.received()).filteredOn("."::equals).hasSize(2);
                assertThat(testee.bounced()).isEmpty();
            }
        }
    }

    private MailetOnQueue mailet(Map<String, String> parameters) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("timeout", "60000", "delayTime", "1 hour"));
        all.putAll(parameters);
        MailetOnQueue mailet = new MailetOnQueue(stage, all);
        mailet.init();
        return mailet;
    }

    private static List<String> recipients(int count, String domain) {
        return IntStream.range(0, count)
                .mapToObj(i -> "user" + i + "@" + domain)
                .toList();
    }

    private static void send(MailetOnQueue mailet, List<String> recipients) throws Exception {
        for (String recipient : recipients) {
            mailet.service(MailetContainer.mail("sender@sender.example", recipient));
        }
    }

    private static void waitUntilSize(MailetOnQueue mailet, int size) {
        waitUntil(() -> mailet.size() == size);
    }

    private static void waitUntilPostponed(MailetOnQueue mailet) {
        waitUntil(
                () -> mailet.queued().stream().anyMatch(mail -> mail.getState().equals(Mail.ERROR)));
    }

    private static void waitUntil(Callable<Boolean> condition) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    private static List<String> recipients(ReceivingServer host) {
        return host.messages().stream()
                .map(ReceivedMessage::recipients)
                .flatMap(List::stream)
                .toList();
    }
}
