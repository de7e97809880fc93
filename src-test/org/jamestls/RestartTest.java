package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
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
import org.jamestls.testing.Transcript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A mailet that is destroyed, and another on the same queue: nothing is lost, sent twice, or held against a mail. */
@ParameterizedClass
@EnumSource(QueueKind.class)
class RestartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Of no mail in these tests. */
    private static final String LONGER_THAN_ANY_STEP = "60000";

    @Parameter
    QueueKind queues;

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory, queues);
        stage.policy("<domain name='bank.example'/><domain name='other.example'/>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    private MailetOnQueue mailet(Map<String, String> parameters) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("timeout", LONGER_THAN_ANY_STEP, "maxRetries", "0"));
        all.putAll(parameters);
        MailetOnQueue mailet = new MailetOnQueue(stage, all);
        mailet.init();
        return mailet;
    }

    private static void send(MailetOnQueue mailet, String recipient) throws Exception {
        Mail mail = MailetContainer.mail("sender@sender.example", recipient);
        mailet.service(mail);
        LifecycleUtil.dispose(mail);
    }

    private static void waitUntil(Callable<Boolean> condition) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    private static void destroy(MailetOnQueue mailet) throws Exception {
        mailet.destroy();
        mailet.queues().reopen();
    }

    /** Ends without the time that deliveries under way have otherwise. */
    private static void destroyAtOnce(MailetOnQueue mailet) throws Exception {
        mailet.queues().reopenAfter(mailet::destroyAtOnce);
    }

    private static void waitUntilQueued(MailetOnQueue mailet, int mails) {
        waitUntil(() -> mailet.queued().size() == mails);
        assertThat(mailet.size()).as("queued or in delivery").isEqualTo(mails);
    }

    private static List<String> recipients(ReceivingServer host) {
        return host.messages().stream()
                .map(ReceivedMessage::recipients)
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void retriesShouldBeCountedOn() throws Exception {
        ReceivingServer bank =
                stage.mx("bank.example", stage.trustedFor("mx.bank.example").reply(SmtpStep.MAIL, "451 4.3.0 not now"));
        try (MailetOnQueue testee = mailet(Map.of("maxRetries", "3", "delayTime", "20"))) {
            send(testee, "a@bank.example");
            waitUntil(() -> mailCommands(bank) >= 2);
            destroy(testee);
            testee.init();

            waitUntil(() -> testee.bounced().size() == 1);
            assertThat(mailCommands(bank)).isEqualTo(4);
            assertThat(testee.bounced().get(0).getAttributes().get(DeliveryAttributes.RETRIES))
                    .satisfies(retries -> assertThat(retries.getValue().value()).isEqualTo(3));
        }
    }

    private static long mailCommands(ReceivingServer host) {
        return host.transcripts().stream()
                .flatMap(transcript -> transcript.commands().stream())
                .filter(command -> command.startsWith("MAIL"))
                .count();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            GREETING,
            EHLO,          clear EHLO
            STARTTLS,      clear STARTTLS
            HANDSHAKE,     clear STARTTLS
            EHLO_OVER_TLS, TLS   EHLO
            MAIL,          TLS   MAIL
            RCPT,          TLS   RCPT
            DATA,          TLS   DATA
            CONTENT,       TLS   DATA
            """)
    void deliveryUnderWayShouldBeRepeated(Moment silence, String lastCommand) throws Exception {
        ReceivingServer bank =
                stage.mx("bank.example", stage.trustedFor("mx.bank.example").fault(silence, Fault.SILENCE, 1));
        try (MailetOnQueue testee = mailet(Map.of())) {
            send(testee, "a@bank.example");
            waitUntil(() -> bank.transcripts().stream().anyMatch(session -> has(session, lastCommand)));

            destroyAtOnce(testee);
            waitUntilQueued(testee, 1);
            assertThat(testee.queued().get(0).getAttribute(DeliveryAttributes.RETRIES))
                    .isEmpty();
            testee.init();

            assertThat(bank.awaitMessages(1)).hasSize(1);
            waitUntil(() -> testee.size() == 0);
            assertThat(recipients(bank)).containsExactly("a@bank.example");
            assertThat(testee.bounced()).isEmpty();
        }
    }

    private static boolean has(Transcript session, String command) {
        return command == null
                || session.lines().stream().anyMatch(line -> line.toString().startsWith(command));
    }

    @Test
    void mailThatTheHostTakesLateShouldNotBeSentAgain() throws Exception {
        CountDownLatch destroying = new CountDownLatch(1);
        try (ScriptedServer late = ScriptedServer.playing(peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO");
            peer.send("250 mx\r\n").readUntil("MAIL");
            peer.send("250 ok\r\n").readUntil("RCPT");
            peer.send("250 ok\r\n").readUntil("DATA");
            peer.send("354 go\r\n").readUntil(".");
            awaitLatch(destroying);
            peer.send("250 taken\r\n").readUntil("QUIT");
        })) {
            stage.policy("<otherDomains><tls>none</tls></otherDomains>");
            MailetOnQueue testee = mailet(Map.of("gateway", "127.0.0.1:" + late.port(), "maxConnectionsPerHost", "1"));
            send(testee, "a@other.example");
            waitUntil(() -> late.received().contains("."));
            send(testee, "b@other.example");
            waitUntil(() -> testee.queued().isEmpty());

            Thread destroyer = new Thread(testee::destroy);
            destroyer.start();
            waitUntilGivenBack(testee, "b@other.example");
            destroying.countDown();
            destroyer.join(PATIENCE.toMillis());

            assertThat(testee.size()).as("b alone").isEqualTo(1);
            assertThat(late.received()).filteredOn("."::equals).hasSize(1);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitUntilGivenBack(MailetOnQueue mailet, String recipient) {
        waitUntil(() -> mailet.queued().stream()
                .map(Mail::getRecipients)
                .anyMatch(recipients -> recipients.iterator().next().asString().equals(recipient)));
    }

    @Test
    void mailsThatWaitInMemoryShouldGoBack() throws Exception {
        int mails = 200;
        ReceivingServer bank =
                stage.mx("bank.example", stage.trustedFor("mx.bank.example").fault(Moment.GREETING, Fault.SILENCE, 1));
        try (MailetOnQueue testee = mailet(Map.of("maxConnectionsPerHost", "2", "queueWindow", "100"))) {
            List<String> recipients = new ArrayList<>();
            for (int i = 0; i < mails; i++) {
                recipients.add("user" + i + "@bank.example");
                send(testee, "user" + i + "@bank.example");
            }
            waitUntil(() -> bank.transcripts().size() == 1);

            destroyAtOnce(testee);
            waitUntilQueued(testee, mails);
            testee.init();

            waitUntil(() -> testee.size() == 0);
            assertThat(recipients(bank)).containsExactlyInAnyOrderElementsOf(recipients);
            assertThat(testee.bounced()).isEmpty();
        }
    }

    /** The last connection ends with QUIT while a mail arrives at its mail host: that it finds no connection is our doing. */
    @Test
    void mailThatFindsConnectionsClosedShouldNotBeBounced() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        ReceivingServer slow =
                stage.mx("other.example", stage.trustedFor("mx.other.example").fault(Moment.QUIT, Fault.SILENCE));
        CountDownLatch leaveTaking = new CountDownLatch(1);
        stage.dns.answeringAfter("mx.bank.example", leaveTaking);
        try (MailetOnQueue testee = mailet(Map.of("timeout", "1000"))) {
            send(testee, "a@other.example");
            slow.awaitMessages(1);
            send(testee, "b@bank.example");
            waitUntil(() -> testee.queued().isEmpty());

            Thread destroyer = new Thread(testee::destroy);
            destroyer.start();
            waitUntil(() -> slow.transcripts().get(0).commands().contains("QUIT"));
            leaveTaking.countDown();
            destroyer.join(PATIENCE.toMillis());
            testee.queues().reopen();

            waitUntilQueued(testee, 1);
            assertThat(testee.bounced()).isEmpty();
            testee.init();
            assertThat(bank.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void quickRestartsShouldLoseNothing() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        List<String> recipients = new ArrayList<>();
        try (MailetOnQueue testee = mailet(Map.of("maxConnectionsPerHost", "2"))) {
            for (int restart = 0; restart < 20; restart++) {
                for (int i = 0; i < 10; i++) {
                    recipients.add("user" + restart + "." + i + "@bank.example");
                    send(testee, recipients.get(recipients.size() - 1));
                }
                destroy(testee);
                testee.init();
            }
            waitUntil(() -> testee.size() == 0);

            assertThat(recipients(bank)).containsExactlyInAnyOrderElementsOf(recipients);
        }
    }
}
