package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A mail that has come past more servers than RFC 5321 §6.3 makes us tolerate is never sent. */
class MailLoopTest {

    private static final int LIMIT = 100;

    private Stage stage;
    private ReceivingServer bank;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy("<domain name='bank.example'/>");
        bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    private static MimeMessage passed(int servers) throws Exception {
        return MailetContainer.message("Received: from a by b; Tue, 24 Nov 2026 00:00:00 +0000\r\n".repeat(servers)
                + "Subject: round and round\r\n\r\nbody\r\n");
    }

    private static List<MailAddress> recipients() throws Exception {
        return List.of(new MailAddress("a@bank.example"));
    }

    @Test
    void mailWithAsManyReceivedFieldsAsTheLimitShouldBeSent() throws Exception {
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(passed(LIMIT), "sender@sender.example", recipients());

            assertThat(bank.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void mailWithMoreReceivedFieldsShouldBeBouncedAtOnceAndNeverSent() throws Exception {
        try (MailetContainer james = stage.james(Map.of("maxRetries", "5", "delayTime", "1 hour"))) {
            james.send(passed(LIMIT + 1), "sender@sender.example", recipients());

            MimeMultipart report =
                    (MimeMultipart) james.awaitSpooled(1).get(0).getMessage().getContent();
            assertThat(new String(report.getBodyPart(1).getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("Status: 5.4.6")
                    .contains("mail loop: the message has 101 Received fields");
            assertThat(bank.transcripts()).isEmpty();
        }
    }

    static List<Arguments> waysBack() {
        return List.of(
                arguments("its MX", "", false),
                arguments(
                        "its static route",
                        "<mailDelivery>staticRoute</mailDelivery><staticRoute>mx.bank.example:%d</staticRoute>",
                        false),
                arguments("the gateway", "", true));
    }

    /** The mail host hands each mail on to the very server that it came from. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("waysBack")
    void mailThatComesBackShouldEndInOneBounce(String way, String route, boolean byGateway) throws Exception {
        stage.policy("<domain name='bank.example'>" + route.formatted(stage.port()) + "</domain>");
        Map<String, String> parameters =
                byGateway ? Map.of("gateway", "mx.bank.example:" + stage.port()) : Map.<String, String>of();
        try (MailetContainer james = stage.james(parameters)) {
            james.send(passed(0), "sender@sender.example", recipients());
            for (int rounds = 1; rounds <= LIMIT + 1; rounds++) {
                String text = bank.awaitMessages(rounds).get(rounds - 1).text();
                james.send(
                        MailetContainer.message("Received: from a by b; Tue, 24 Nov 2026 00:00:00 +0000\r\n" + text),
                        "sender@sender.example",
                        recipients());
            }

            assertThat(james.awaitSpooled(1)).hasSize(1);
            assertThat(bank.messages()).as("by %s", way).hasSize(LIMIT + 1);
        }
    }

    @Test
    void bounceProcessorShouldGetTheCode() throws Exception {
        try (MailetContainer james = stage.james(Map.of("bounceProcessor", "bounces"))) {
            james.send(passed(LIMIT + 1), "sender@sender.example", recipients());

            Mail bounced = james.awaitSpooled(1).get(0);
            assertThat(bounced.getAttribute(DeliveryAttributes.STATUS))
                    .contains(new Attribute(DeliveryAttributes.STATUS, AttributeValue.of("5.4.6")));
            assertThat(bounced.getAttribute(DeliveryAttributes.PERMANENT_ERROR))
                    .contains(new Attribute(DeliveryAttributes.PERMANENT_ERROR, AttributeValue.of(true)));
        }
    }

    @Test
    void loopingMailWithoutSenderShouldEnd() throws Exception {
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(passed(LIMIT + 1), "<>", recipients());

            james.awaitIdle();
            assertThat(james.spooled()).isEmpty();
            assertThat(bank.transcripts()).isEmpty();
        }
    }
}
