package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.Fault;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ScriptedServer;
import org.jamestls.testing.Transcript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What mails have to do with each other: shared connections, hosts that do not answer, and the stop of the server. */
class ManyMailsTest {

    private static final String STRONG = "<domain name='bank.example'/>";

    private static final Map<String, String> KEPT_OPEN = Map.of("connectionIdleTime", "10 s");

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy(STRONG);
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    private static void sendInTurn(MailetContainer james, ReceivingServer host, int mails) throws Exception {
        for (int i = 1; i <= mails; i++) {
            james.send("sender@sender.example", "user" + i + "@bank.example");
            host.awaitMessages(i);
            james.awaitIdle();
        }
    }

    @Test
    void mailsShouldGoOverOneConnection() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.james(KEPT_OPEN)) {
            sendInTurn(james, bank, 5);

            assertThat(bank.transcripts()).hasSize(1);
        }
        assertThat(bank.awaitEnded(1).get(0).commands()).endsWith("QUIT");
    }

    @Test
    void connectionsShouldBeKeptByEitherProviderOfTls() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.james(Map.of("tlsProvider", "jdk", "connectionIdleTime", "10 s"))) {
            sendInTurn(james, bank, 2);

            assertThat(bank.transcripts()).hasSize(1);
            assertThat(bank.messages()).allMatch(message -> message.overTls());
        }
    }

    @Test
    void domainsWithOneMailHostShouldShareItsConnection() throws Exception {
        stage.policy(STRONG + "<domain name='partner.example'/>");
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        stage.dns.mx("partner.example", "mx.bank.example");
        try (MailetContainer james = stage.james(KEPT_OPEN)) {
            sendInTurn(james, bank, 1);
            james.send("sender@sender.example", "a@partner.example");
            bank.awaitMessages(2);

            assertThat(bank.transcripts()).hasSize(1);
        }
    }

    private static boolean hasFailed(Mail mail) {
        return mail.getState().equals(Mail.ERROR);
    }

    @Test
    void mailsShouldArriveOnceAtHostThatTakesOneMailAConnection() throws Exception {
        ReceivingServer bank =
                stage.mx("bank.example", stage.trustedFor("mx.bank.example").mostMails(1, SmtpStep.MAIL, "421 enough"));
        try (MailetContainer james = stage.james(KEPT_OPEN)) {
            sendInTurn(james, bank, 3);

            assertThat(bank.messages()).hasSize(3);
            assertThat(bank.transcripts()).hasSize(3);
            assertThat(james.spooled())
                    .as("no attempt was counted, none bounced")
                    .isEmpty();
        }
    }

    @Test
    void domainThatDoesNotAnswerShouldNotHoldUpOthers() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (ScriptedServer silent = ScriptedServer.playing(ScriptedServer.Peer::ignore)) {
            stage.policy(STRONG + routeTo("silent.example", silent));
            try (MailetContainer james = stage.james(Map.of("timeout", "3000"))) {
                for (int i = 0; i < 200; i++) {
                    james.send("sender@sender.example", "user" + i + "@silent.example");
                }
                james.send("sender@sender.example", "a@bank.example");

                assertThat(bank.awaitMessages(1)).hasSize(1);
            }
        }
    }

    private static String routeTo(String domain, ScriptedServer server) {
        return "<domain name='" + domain + "'><certificateValidation>relaxed</certificateValidation>"
                + "<mailDelivery>staticRoute</mailDelivery><staticRoute>127.0.0.1:" + server.port()
                + "</staticRoute></domain>";
    }

    @Test
    void hostThatIsDownShouldNotBeTriedOncePerMail() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example").reply(SmtpStep.GREETING, "421 4.3.2 closed for today"));
        try (MailetContainer james = stage.james(Map.of("maxRetries", "1", "delayTime", "1 hour"))) {
            for (int i = 0; i < 50; i++) {
                james.send("sender@sender.example", "user" + i + "@bank.example");
            }

            await().until(() ->
                    james.waiting().stream().filter(ManyMailsTest::hasFailed).count() == 50);
            assertThat(bank.transcripts()).hasSizeLessThan(25);
            assertThat(james.waiting())
                    .allSatisfy(mail -> assertThat(mail.getAttribute(DeliveryAttributes.ERROR)
                                    .orElseThrow()
                                    .getValue()
                                    .value()
                                    .toString())
                            .contains("closed for today"));
        }
    }

    @Test
    void lastAttemptShouldBeMadeAtAHostThatWasJustDown() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example").reply(SmtpStep.GREETING, "421 4.3.2 starting", "220 ready"));
        try (MailetContainer james = stage.james(Map.of("maxRetries", "0", "bounceProcessor", "bounces"))) {
            james.send("sender@sender.example", "a@bank.example");
            james.awaitSpooled(1);
            james.send("sender@sender.example", "b@bank.example");

            assertThat(bank.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void hostShouldNotPassForDownBecauseOurOwnConnectionsAreInUse() throws Exception {
        stage.policy("<domain name='bank.example'/><domain name='other.example'/>");
        ReceivingServer bank =
                stage.mx("bank.example", stage.trustedFor("mx.bank.example").fault(Moment.CONTENT, Fault.SILENCE, 1));
        stage.dns.mx("other.example", "mx.bank.example");
        try (MailetContainer james = stage.james(
                Map.of("maxConnectionsPerHost", "1", "timeout", "1000", "maxRetries", "1", "delayTime", "1 hour"))) {
            james.send("sender@sender.example", "stalled@bank.example");
            await().until(() -> bank.transcripts().size() == 1);
            james.send("sender@sender.example", "crowded.out@other.example");
            await().until(() ->
                    james.waiting().stream().filter(ManyMailsTest::hasFailed).count() == 2);

            james.send("sender@sender.example", "next@other.example");

            assertThat(bank.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void hostThatEndsAConnectionAndDoesNotKnowBdatShouldGetTheMailAtTheFirstAttempt() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example")
                        .offering("PIPELINING", "CHUNKING")
                        .fault(Moment.LATER_MAIL, Fault.CLOSE, 1)
                        .reply(SmtpStep.CONTENT, "250 2.0.0 taken", "502 5.5.1 what is BDAT?", "250 2.0.0 taken"));
        try (MailetContainer james = stage.james(Map.of("maxRetries", "0", "connectionIdleTime", "20000"))) {
            james.send(
                    MailetContainer.message("\r\n" + "too long for BDAT\r\n".repeat(5000)),
                    "sender@sender.example",
                    List.of(new MailAddress("a@bank.example")));
            bank.awaitMessages(1);
            james.awaitIdle();

            james.send("sender@sender.example", "b@bank.example");

            assertThat(bank.awaitMessages(2)).hasSize(2);
        }
    }

    @Test
    void stopShouldGiveBackWhatIsUnderWayWithoutCountingAnAttempt() throws Exception {
        try (ScriptedServer stalling = ScriptedServer.playing(peer -> {
            peer.send("220 mx\r\n").readUntil("EHLO");
            peer.send("250 mx\r\n").readUntil("MAIL");
            peer.send("250 ok\r\n").readUntil("RCPT");
            peer.send("250 ok\r\n").readUntil("DATA");
            peer.send("354 go\r\n").readUntil(".");
            peer.stall();
        })) {
            stage.policy("<otherDomains><tls>none</tls></otherDomains>");
            MailetContainer james = stage.james(
                    Map.of("gateway", "127.0.0.1:" + stalling.port(), "maxRetries", "0", "timeout", "1000"));
            james.send("sender@sender.example", "a@other.example");
            james.send("sender@sender.example", "b@other.example");
            await().until(() -> stalling.received().contains("."));

            assertThat(james.waiting()).isEmpty();
            james.close();

            await().atMost(Duration.ofSeconds(10)).until(() -> james.waiting().size() == 2);
            assertThat(james.waiting()).allSatisfy(mail -> {
                assertThat(mail.getAttribute(DeliveryAttributes.RETRIES)).isEmpty();
                assertThat(mail.getMessage().getSubject()).isEqualTo("a secret");
            });
            assertThat(james.spooled()).isEmpty();
        }
    }

    @Test
    void endedConnectionsShouldHaveSaidQuit() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.james(Map.of("maxMailsPerConnection", "1"))) {
            sendInTurn(james, bank, 2);

            assertThat(bank.awaitEnded(2))
                    .extracting(Transcript::commands)
                    .allSatisfy(commands -> assertThat(commands).endsWith("QUIT"));
        }
    }
}
