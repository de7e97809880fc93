package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * States, attributes, metrics and logging context by the names, types and values of RemoteDelivery, on which operators'
 * matchers, dashboards and alerts rest. The names are written out here, so that none can change unnoticed.
 */
class RemoteDeliveryAlertsTest {

    private static final Map<String, String> TELLING = Map.of("bounceProcessor", "bounces", "onSuccess", "delivered");

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy("<domain name='bank.example'/>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    private ReceivingServer.Builder bank() {
        return stage.trustedFor("mx.bank.example");
    }

    private static Map<String, String> retrying(String retries, String delay) {
        return Map.of(
                "bounceProcessor", "bounces", "onSuccess", "delivered", "maxRetries", retries, "delayTime", delay);
    }

    private static Object attribute(Mail mail, String name) {
        return mail.getAttribute(AttributeName.of(name))
                .map(attribute -> attribute.getValue().value())
                .orElse(null);
    }

    @Test
    void mailThatWaitsForARetryShouldBeInTheStateAndHaveTheAttributesOfRemoteDelivery() throws Exception {
        stage.mx("bank.example", bank().reply(SmtpStep.MAIL, "451 4.3.0 later"));
        try (MailetContainer james = stage.james(retrying("5", "1 hour"))) {
            Mail sent = MailetContainer.mail("sender@sender.example", "a@bank.example");
            sent.setLastUpdated(Date.from(Instant.EPOCH));
            james.send(sent);

            Mail waiting = james.awaitPostponed();
            assertThat(sent.getState()).isEqualTo("ghost");
            assertThat(waiting.getState()).isEqualTo("error");
            assertThat(waiting.getName()).isEqualTo(sent.getName() + "-to-bank.example");
            assertThat(attribute(waiting, "delivery_retry_count")).isEqualTo(1);
            assertThat(attribute(waiting, "is-delivery-permanent-error")).isEqualTo(false);
            assertThat(attribute(waiting, "delivery-error")).asString().contains("451 4.3.0 later");
            assertThat(attribute(waiting, "delivery-error-code")).isEqualTo(451);
            assertThat(waiting.getLastUpdated()).isAfter(Date.from(Instant.EPOCH));
        }
    }

    @Test
    void mailGivenUpAfterRetriesShouldTellOfATemporaryErrorWithItsReason() throws Exception {
        stage.mx("bank.example", bank().reply(SmtpStep.RCPT, "450 4.2.0 later"));
        try (MailetContainer james = stage.james(retrying("2", "50"))) {
            james.send("sender@sender.example", "a@bank.example");

            Mail bounced = james.awaitSpooled(1).get(0);
            assertThat(bounced.getState()).isEqualTo("bounces");
            assertThat(attribute(bounced, "is-delivery-permanent-error")).isEqualTo(false);
            assertThat(attribute(bounced, "delivery_retry_count")).isEqualTo(2);
            assertThat(attribute(bounced, "delivery-error")).asString().contains("450 4.2.0 later");
            assertThat(attribute(bounced, "delivery-error-code")).isEqualTo(450);
        }
    }

    @Test
    void mailRefusedForGoodShouldTellOfAPermanentError() throws Exception {
        stage.mx("bank.example", bank().reply(SmtpStep.RCPT, "550 5.1.1 no such user"));
        try (MailetContainer james = stage.james(retrying("2", "50"))) {
            james.send("sender@sender.example", "a@bank.example");

            Mail bounced = james.awaitSpooled(1).get(0);
            assertThat(attribute(bounced, "is-delivery-permanent-error")).isEqualTo(true);
            assertThat(attribute(bounced, "delivery-error-code")).isEqualTo(550);
        }
    }

    @Test
    void failureWithoutReplyShouldHaveNoCode() throws Exception {
        stage.dns.mx("bank.example", ".");
        try (MailetContainer james = stage.james(retrying("2", "50"))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(attribute(james.awaitSpooled(1).get(0), "delivery-error-code"))
                    .isNull();
        }
    }

    @Test
    void failuresOfDifferentKindsShouldReachTheBounceProcessorApart() throws Exception {
        stage.mx(
                "bank.example",
                bank().replyToRecipient("gone@bank.example", "550 5.1.1 no such user")
                        .replyToRecipient("moved@bank.example", "551 5.1.6 moved")
                        .replyToRecipient("lost@bank.example", "550 5.1.1 no such user")
                        .replyToRecipient("full@bank.example", "452 4.2.2 mailbox full"));
        try (MailetContainer james = stage.james(retrying("0", "50"))) {
            james.send(
                    "sender@sender.example",
                    "gone@bank.example",
                    "moved@bank.example",
                    "lost@bank.example",
                    "full@bank.example");

            assertThat(james.awaitSpooled(3))
                    .extracting(
                            mail -> attribute(mail, "is-delivery-permanent-error"),
                            mail -> attribute(mail, "delivery-error-code"),
                            RemoteDeliveryAlertsTest::recipients)
                    .containsExactlyInAnyOrder(
                            tuple(true, 550, List.of("gone@bank.example", "lost@bank.example")),
                            tuple(true, 551, List.of("moved@bank.example")),
                            tuple(false, 452, List.of("full@bank.example")));
        }
    }

    private static List<String> recipients(Mail mail) {
        return mail.getRecipients().stream().map(MailAddress::asString).toList();
    }

    @Test
    void mailDeliveredAfterARetryShouldKeepTheCountAndLoseTheError() throws Exception {
        stage.mx("bank.example", bank().reply(SmtpStep.MAIL, "451 4.3.0 later", "250 2.1.0 ok"));
        try (MailetContainer james = stage.james(retrying("2", "50"))) {
            james.send("sender@sender.example", "a@bank.example");

            Mail delivered = james.awaitSpooled(1).get(0);
            assertThat(delivered.getState()).isEqualTo("delivered");
            assertThat(attribute(delivered, "delivery_retry_count")).isEqualTo(1);
            assertThat(attribute(delivered, "is-delivery-permanent-error")).isEqualTo(false);
            assertThat(attribute(delivered, "delivery-error")).isNull();
            assertThat(attribute(delivered, "delivery-error-code")).isNull();
        }
    }

    @Test
    void mailDeliveredAtOnceShouldHaveNoAttributeOfAFailure() throws Exception {
        stage.mx("bank.example", bank());
        try (MailetContainer james = stage.james(TELLING)) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(james.awaitSpooled(1).get(0).attributeNames().map(AttributeName::asString))
                    .isNotEmpty()
                    .noneMatch(name -> name.contains("deliver") || name.equals("tls-enforcement.status"));
        }
    }

    @Test
    void retriesShouldCountAnewForAMailThatDoesNotWaitForOne() throws Exception {
        stage.mx("bank.example", bank().reply(SmtpStep.MAIL, "451 4.3.0 later"));
        try (MailetContainer james = stage.james(retrying("5", "1 hour"))) {
            Mail reprocessed = MailetContainer.mail("sender@sender.example", "a@bank.example");
            reprocessed.setAttribute(new Attribute(AttributeName.of("delivery_retry_count"), AttributeValue.of(5)));
            james.send(reprocessed);

            assertThat(attribute(james.awaitPostponed(), "delivery_retry_count"))
                    .isEqualTo(1);
        }
    }

    @Test
    void metricsShouldBearTheNamesOfRemoteDelivery() throws Exception {
        stage.mx("bank.example", bank());
        stage.dns.mx("gone.example", ".");
        try (MailetContainer james = stage.james(TELLING)) {
            james.send("sender@sender.example", "a@bank.example", "b@gone.example");
            james.awaitSpooled(2);

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(james.metrics().executionTimesFor("RemoteDeliveryTrial"))
                            .hasSize(2));
            assertThat(james.metrics().countFor("outgoingMails")).isEqualTo(1);
        }
    }

    @Test
    void loggingContextShouldHaveTheKeysOfRemoteDelivery() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger("org.jamestls.delivery");
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        log.addAppender(events);
        stage.mx("bank.example", bank());
        try (MailetContainer james = stage.james(TELLING)) {
            Mail sent = james.send("sender@sender.example", "a@bank.example", "b@bank.example");
            james.awaitSpooled(1);

            assertThat(events.list)
                    .filteredOn(event -> event.getFormattedMessage().contains("verdict=satisfied"))
                    .singleElement()
                    .extracting(ILoggingEvent::getMDCPropertyMap)
                    .isEqualTo(Map.of(
                            "mail",
                            sent.getName() + "-to-bank.example",
                            "recipients",
                            "[a@bank.example, b@bank.example]",
                            "sender",
                            "sender@sender.example"));
        } finally {
            log.detachAppender(events);
        }
    }

    @Test
    void mailWithoutSenderShouldReachTheBounceProcessor() throws Exception {
        stage.mx("bank.example", bank().reply(SmtpStep.RCPT, "550 5.1.1 no such user"));
        try (MailetContainer james = stage.james(TELLING)) {
            james.send("<>", "a@bank.example");

            Mail given = james.awaitSpooled(1).get(0);
            assertThat(given.getState()).isEqualTo("bounces");
            assertThat(given.hasSender()).isFalse();
            assertThat(attribute(given, "delivery-error-code")).isEqualTo(550);
        }
    }

    @Test
    void mailWithoutSenderThatIsDeliveredShouldReachOnSuccess() throws Exception {
        stage.mx("bank.example", bank());
        try (MailetContainer james = stage.james(TELLING)) {
            james.send("<>", "a@bank.example");

            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("delivered");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bounceProcessor", "onSuccess"})
    void processorThatDoesNotExistShouldStopTheStart(String parameter) {
        assertThatThrownBy(() -> stage.james(Map.of(parameter, "misspelt")).close())
                .hasMessageContaining("undefined processors")
                .hasMessageContaining("misspelt");
    }
}
