package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.james.Stage.presenting;
import static org.jamestls.james.Stage.worthless;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ReceivingServer.StartTls;
import org.jamestls.testing.Transcript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Report-only mode and mail hosts, beyond what the table of enforcement cases shows. */
class ReportModeTest {

    private static final String METRIC = "tlsEnforcementWouldHaveBeenRefused";
    private static final String MX = "mx.bank.example";
    private static final String REPORTED = "<domain name='bank.example'><mode>report</mode></domain>";

    private final DeliveryLog log = DeliveryLog.record();
    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy(REPORTED);
    }

    @AfterEach
    void tearDown() {
        stage.close();
        log.close();
    }

    private static Map<String, String> keepingConnections() {
        return Map.of("bounceProcessor", "bounces", "onSuccess", "delivered", "connectionIdleTime", "20000");
    }

    @Test
    void everyMailOverAKeptConnectionShouldBeReported() throws Exception {
        ReceivingServer server = stage.mx("bank.example", presenting(worthless()));
        try (MailetContainer james = stage.james(keepingConnections())) {
            for (int mails = 1; mails <= 3; mails++) {
                james.send("sender@sender.example", "user@bank.example");
                james.awaitSpooled(mails);
                james.awaitIdle();
            }

            assertThat(server.messages()).hasSize(3);
            assertThat(server.transcripts()).as("connections").hasSize(1);
            assertThat(james.metrics().countFor(METRIC)).isEqualTo(3);
            assertThat(james.metrics().countFor(METRIC + ":certificate-expired"))
                    .isEqualTo(3);
        }
    }

    @Test
    void connectionOfReportModeShouldNeverServeAnEnforcedDomain() throws Exception {
        stage.policy(REPORTED + "<domain name='partner.example'/>"
                + "<domain name='lax.example'><certificateValidation>relaxed</certificateValidation></domain>");
        ReceivingServer server = stage.mx("bank.example", presenting(worthless()));
        stage.dns.mx("partner.example", MX).mx("lax.example", MX);
        try (MailetContainer james = stage.james(keepingConnections())) {
            james.send("sender@sender.example", "user@bank.example");
            james.awaitSpooled(1);
            james.send("sender@sender.example", "user@partner.example");
            Mail refused = james.awaitSpooled(2).get(1);
            james.send("sender@sender.example", "user@lax.example");
            james.awaitSpooled(3);

            assertThat(refused.getState()).isEqualTo("bounces");
            assertThat(text(refused, DeliveryAttributes.VIOLATION)).isEqualTo("certificate-expired");
            assertThat(server.transcripts())
                    .as("a connection for each requirement")
                    .hasSize(3);
            assertThat(server.messages())
                    .extracting(message -> message.recipients().get(0))
                    .containsExactly("user@bank.example", "user@lax.example");
        }
    }

    @Test
    void clearConnectionAfterAFailedHandshakeShouldNeverServeAnEnforcedDomain() throws Exception {
        stage.policy(REPORTED
                + "<domain name='lax.example'><certificateValidation>relaxed</certificateValidation></domain>");
        ReceivingServer server = stage.mx("bank.example", stage.trustedFor(MX).startTls(StartTls.BROKEN_OFF));
        stage.dns.mx("lax.example", MX);
        try (MailetContainer james = stage.james(keepingConnections())) {
            james.send("sender@sender.example", "user@bank.example");
            james.awaitSpooled(1);
            james.send("sender@sender.example", "user@lax.example");

            assertThat(james.awaitSpooled(2).get(1).getState()).isEqualTo("bounces");
            assertThat(server.messages())
                    .extracting(ReceivedMessage::recipients)
                    .containsExactly(List.of("user@bank.example"));
            assertThat(server.messages()).noneMatch(ReceivedMessage::overTls);
        }
    }

    @Test
    void switchToEnforceShouldHoldFromTheNextMailOn() throws Exception {
        ReceivingServer server = stage.mx("bank.example", presenting(worthless()));
        try (MailetContainer james = stage.james(keepingConnections())) {
            james.send("sender@sender.example", "user@bank.example");
            james.awaitSpooled(1);
            james.awaitIdle();
            stage.policy("<domain name='bank.example'/>");
            james.refreshPolicy();
            james.send("sender@sender.example", "user@bank.example");

            assertThat(james.awaitSpooled(2).get(1).getState()).isEqualTo("bounces");
            assertThat(server.messages()).hasSize(1);
            assertThat(james.metrics().countFor(METRIC)).isEqualTo(1);
        }
    }

    @Test
    void mailWithRequireTlsShouldBeHeldToThePolicy() throws Exception {
        ReceivingServer server =
                stage.mx("bank.example", presenting(worthless()).offering("REQUIRETLS"));
        try (MailetContainer james = stage.james(keepingConnections())) {
            Mail mail = MailetContainer.mail("sender@sender.example", "user@bank.example");
            mail.setAttribute(new Attribute(AttributeName.of("REQUIRETLS"), AttributeValue.of(true)));
            james.send(mail);

            Mail told = james.awaitSpooled(1).get(0);
            assertThat(told.getState()).isEqualTo("bounces");
            assertThat(text(told, DeliveryAttributes.VERDICT)).isEqualTo("violation");
            assertThat(server.messages()).isEmpty();
        }
    }

    @Test
    void bounceForAnotherReasonShouldNotSayThatMailLeavesOverTlsAlone() throws Exception {
        stage.mx("bank.example", ReceivingServer.builder().reply(SmtpStep.RCPT, "550 5.1.1 nobody"));
        try (MailetContainer james = stage.james(Map.of())) {
            james.send("sender@sender.example", "user@bank.example");

            String bounce = new String(
                    james.awaitSpooled(1).get(0).getMessage().getInputStream().readAllBytes());
            assertThat(bounce).contains("nobody").doesNotContain("may leave this server only over TLS", "STARTTLS");
        }
    }

    @Test
    void violationShouldBeInTheLogWhenTheFreshConnectionFailsToo() throws Exception {
        stage.mx(
                "bank.example",
                stage.trustedFor(MX)
                        .startTls(StartTls.BROKEN_OFF)
                        .reply(SmtpStep.EHLO, "250-mx.bank.example\r\n250 STARTTLS", "421 4.3.2 come back later"));
        try (MailetContainer james = stage.james(keepingConnections())) {
            james.send("sender@sender.example", "user@bank.example");

            assertThat(james.awaitSpooled(1).get(0).getState()).isEqualTo("bounces");
            assertThat(log.about("would have been refused too: the TLS handshake failed"))
                    .filteredOn(line -> line.contains(" verdict=failed "))
                    .hasSize(1);
        }
    }

    @Test
    void logShouldHaveTheFieldsOfEveryAttempt() throws Exception {
        stage.mx("bank.example", presenting(stage.trusted.issueFor("elsewhere.example")));
        try (MailetContainer james = stage.james(keepingConnections())) {
            james.send("sender@sender.example", "user@bank.example");
            james.awaitSpooled(1);

            assertThat(log.about(" verdict=reported "))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .matches("INFO mail=\\S+ domain=bank.example policy=\"own\" validation=strong via=MX-host"
                                    + " host=mx.bank.example address=\\S+ port=" + stage.port()
                                    + " verdict=reported violation=certificate-host-mismatch code=4.7.5 reason=\"[^\"]+\""
                                    + " expected=\"mx.bank.example\" presented=\"CN=elsewhere.example, [^\"]*\""
                                    + " protocol=TLSv1.3 cipher=TLS_\\S+ keyExchange=\\S+"));
        }
    }

    @Test
    void gatewayShouldNotBeConcernedByMailHosts() throws Exception {
        stage.policy("<domain name='bank.example'><mailHosts><mailHost>" + MX + "</mailHost></mailHosts></domain>");
        ReceivingServer gateway = stage.host("gate.sender.example", stage.trustedFor("gate.sender.example"));
        try (MailetContainer james =
                stage.james(Map.of("gateway", "gate.sender.example:" + stage.port(), "onSuccess", "delivered"))) {
            james.send("sender@sender.example", "user@bank.example");

            assertThat(james.awaitSpooled(1).get(0).getState()).isEqualTo("delivered");
            assertThat(gateway.messages()).hasSize(1);
        }
    }

    @Test
    void bounceShouldNameTheMailHostThatIsNotAllowed() throws Exception {
        stage.policy("<domain name='bank.example'><mailHosts><mailHost>" + MX + "</mailHost></mailHosts></domain>");
        ReceivingServer forged = stage.host("mx.elsewhere.example", stage.trustedFor("mx.elsewhere.example"));
        stage.dns.mx("bank.example", "mx.elsewhere.example");
        try (MailetContainer james = stage.james(Map.of())) {
            james.send("sender@sender.example", "user@bank.example");

            String bounce = new String(
                    james.awaitSpooled(1).get(0).getMessage().getInputStream().readAllBytes());
            assertThat(bounce)
                    .contains("mx.elsewhere.example: the policy does not allow connections to this mail host (5.7.0)")
                    .contains("expected:  mx.bank.example", "presented: mx.elsewhere.example, named by the DNS");
            assertThat(forged.transcripts()).extracting(Transcript::commands).isEmpty();
        }
    }

    private static String text(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, String.class).orElse("");
    }
}
