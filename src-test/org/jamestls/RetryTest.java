package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.james.Stage.presenting;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.mail.BodyPart;
import javax.mail.internet.MimeMultipart;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.QueueKind;
import org.jamestls.james.Stage;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a mail that waits: retries, the policy that decides then, and the bounce at the end. */
@ParameterizedClass
@EnumSource(QueueKind.class)
class RetryTest {

    private static final String REJECTED = "tlsEnforcementPolicyRejected.conf.tls-enforcement.xml";

    private static final String STRONG = "<domain name='bank.example'/>";
    private static final String RELAXED =
            "<domain name='bank.example'><certificateValidation>relaxed</certificateValidation></domain>";

    @Parameter
    QueueKind queues;

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory, queues);
        stage.policy(STRONG);
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    @Test
    void newPolicyShouldDecideAboutAMailThatWaits() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", presenting(Stage.worthless()));
        try (MailetContainer james = stage.james(retries(5))) {
            james.send("sender@sender.example", "a@bank.example");
            bank.awaitEnded(1);

            stage.policy(RELAXED);
            james.refreshPolicy();

            assertThat(bank.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void oldPolicyShouldDecideWhenTheChangeIsRejected() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", presenting(Stage.worthless()));
        try (MailetContainer james = stage.james(retries(1))) {
            james.send("sender@sender.example", "a@bank.example");
            bank.awaitEnded(1);

            assertThat(james.gauge(REJECTED)).isEqualTo(0);
            stage.policy(RELAXED + "<unknown/>");
            james.refreshPolicy();
            assertThat(james.gauge(REJECTED)).isEqualTo(1);

            assertThat(james.awaitSpooled(1)).hasSize(1);
            assertThat(bank.awaitEnded(2)).hasSize(2);
            assertThat(bank.messages()).isEmpty();
        }
    }

    @Test
    void connectionOfAnOldPolicyShouldNotServeTheNewOne() throws Exception {
        stage.policy(RELAXED);
        ReceivingServer bank = stage.mx("bank.example", presenting(Stage.worthless()));
        try (MailetContainer james =
                stage.james(Map.of("maxRetries", "1", "delayTime", "1 hour", "connectionIdleTime", "10 s"))) {
            james.send("sender@sender.example", "a@bank.example");
            bank.awaitMessages(1);
            james.awaitIdle();

            stage.policy(STRONG);
            james.refreshPolicy();
            james.send("sender@sender.example", "a@bank.example");

            org.awaitility.Awaitility.await()
                    .until(() -> james.waiting().stream()
                            .anyMatch(mail -> mail.getState().equals(Mail.ERROR)));
            assertThat(bank.messages()).hasSize(1);
        }
    }

    @Test
    void domainWithoutDnsEntryShouldBeTriedAgainAsMaxDnsProblemRetriesSays() throws Exception {
        try (MailetContainer james = stage.james(Map.of(
                "bounceProcessor", "bounces", "maxRetries", "5", "delayTime", "50", "maxDnsProblemRetries", "2"))) {
            james.send("sender@sender.example", "a@nowhere.example");

            Mail bounced = james.awaitSpooled(1).get(0);
            assertThat(bounced.attributesMap().toString()).contains("the DNS knows no mail host of nowhere.example");
            assertThat(org.jamestls.delivery.DeliveryAttributes.RETRIES)
                    .satisfies(name -> assertThat(bounced.getAttribute(name)
                                    .map(a -> a.getValue().value()))
                            .isEqualTo(Optional.of(2)));
        }
    }

    @Test
    void dnsThatDoesNotAnswerShouldLeaveTheMailWaiting() throws Exception {
        stage.dns.failing("bank.example");
        try (MailetContainer james = stage.james(Map.of("maxRetries", "1", "delayTime", "1 hour"))) {
            james.send("sender@sender.example", "a@bank.example");

            org.awaitility.Awaitility.await()
                    .until(() -> james.waiting().size() == 1
                            && james.waiting().get(0).getState().equals(Mail.ERROR));
            assertThat(james.spooled()).isEmpty();
        }
    }

    @Test
    void bounceAfterTheLastRetryShouldSayWhatWasExpectedAndWhatPresented() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                presenting(stage.trusted.issue(new Request("CN=mx.bank.example")
                        .dnsName("mx.bank.example")
                        .expired())));
        stage.dns.mx("sub.bank.example", "mx.bank.example");
        try (MailetContainer james = stage.james(Map.of("maxRetries", "2", "delayTime", "50"))) {
            james.send("sender@sender.example", "a@sub.bank.example");

            Mail bounce = james.awaitSpooled(1).get(0);
            assertThat(bounce.getMaybeSender().isNullSender()).isTrue();
            assertThat(bounce.getRecipients()).containsExactly(new MailAddress("sender@sender.example"));
            String text = part(bounce, 0);
            assertThat(text)
                    .contains("a@sub.bank.example")
                    .contains("Mail to sub.bank.example may leave this server only over TLS")
                    .contains("Policy: inherited from bank.example, strong certificate validation")
                    .contains("mx.bank.example [127.0.0.2]:" + stage.port() + ": the certificate has expired (5.7.5)")
                    .containsPattern("expected:  \\S+")
                    .contains("presented: CN=mx.bank.example")
                    .contains("It was tried 3 times");
            assertThat(part(bounce, 1))
                    .contains("Final-Recipient: rfc822; a@sub.bank.example")
                    .contains("Status: 5.7.5");
            assertThat(part(bounce, 2)).contains("Subject: a secret").doesNotContain("the body of the mail");
            assertThat(bank.awaitEnded(1)).hasSizeGreaterThanOrEqualTo(1);
            assertThat(bank.messages()).isEmpty();
        }
    }

    @Test
    void bounceShouldNotShowTheAddressesOfTheOperatorsOwnRoutes() throws Exception {
        ReceivingServer route = stage.hidden(
                "route",
                presenting(stage.trusted.issue(new Request("CN=gate").ipAddress("127.0.0.1")))
                        .address("127.0.0.3"));
        stage.policy("<domain name='bank.example'><mailDelivery>staticRoute</mailDelivery><staticRoute>127.0.0.3:"
                + route.port() + "</staticRoute></domain>");
        try (MailetContainer james = stage.james(Map.of())) {
            james.send("sender@sender.example", "a@bank.example");

            Mail bounce = james.awaitSpooled(1).get(0);
            assertThat(part(bounce, 0))
                    .contains("the static route: the certificate bears neither")
                    .doesNotContain("127.0.0.3");
            assertThat(part(bounce, 1)).doesNotContain("127.0.0.3");
        }
    }

    @Test
    void refusalShouldBeBouncedWithTheHostsWords() throws Exception {
        stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example").replyToRecipient("a@bank.example", "550 5.1.1 no\u0007 such user"));
        try (MailetContainer james = stage.james(retries(3))) {
            james.send("sender@sender.example", "a@bank.example");

            Mail bounce = james.awaitSpooled(1).get(0);
            assertThat(part(bounce, 0)).contains("RCPT refused: 550 5.1.1 no\\u0007 such user");
            assertThat(part(bounce, 1)).contains("Status: 5.1.1").contains("Diagnostic-Code: smtp; ");
        }
    }

    private static Map<String, String> retries(int retries) {
        return Map.of("maxRetries", String.valueOf(retries), "delayTime", "200");
    }

    private static String part(Mail bounce, int index) throws Exception {
        BodyPart part = ((MimeMultipart) bounce.getMessage().getContent()).getBodyPart(index);
        return new String(part.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
