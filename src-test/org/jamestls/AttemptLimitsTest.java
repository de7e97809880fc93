package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.mail.BodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers can make one mail cost, by their MX records, their mail hosts and their messages. */
class AttemptLimitsTest {

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

    private void mailHosts(int count, String domain) {
        String[] names = IntStream.rangeClosed(1, count)
                .mapToObj(number -> "mx" + number + "." + domain)
                .toArray(String[]::new);
        for (String name : names) {
            stage.deserted(name);
        }
        stage.dns.mx(domain, names);
    }

    private static List<MailAddress> recipients(int count, String domain) throws Exception {
        List<MailAddress> recipients = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            recipients.add(new MailAddress("recipient" + number + "@" + domain));
        }
        return recipients;
    }

    private static int size(MimeMessage message) throws Exception {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        message.writeTo(octets);
        return octets.size();
    }

    private static String part(Mail bounce, int index) throws Exception {
        BodyPart part = ((MimeMultipart) bounce.getMessage().getContent()).getBodyPart(index);
        return new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void threeThousandMailHostsShouldCostTwoShortToursAndOneSmallBounce() throws Exception {
        mailHosts(3000, "attack.example");
        try (DeliveryLog log = DeliveryLog.record();
                MailetContainer james = stage.james(Map.of("maxRetries", "1", "delayTime", "50"))) {
            james.send(
                    MailetContainer.message("Subject: attack\r\n\r\nbody"),
                    "victim@forged.example",
                    recipients(200, "attack.example"));

            Mail bounce = james.awaitSpooled(1).get(0);
            assertThat(log.about("host=mx")).hasSize(40);
            assertThat(log.about("more mail hosts were not tried"))
                    .anySatisfy(
                            line -> assertThat(line)
                                    .endsWith(
                                            "to attack.example: \"and 2980 more mail hosts were not tried: mailHostLimit is 20\""));
            assertThat(size(bounce.getMessage())).isLessThan(100 * 1024);
            assertThat(part(bounce, 0))
                    .contains("and 2980 more mail hosts were not tried: mailHostLimit is 20")
                    .contains("mx1.attack.example", "and 17 more: no connection: Connection refused");
        }
    }

    @Test
    void limitsShouldBeThoseConfigured() throws Exception {
        mailHosts(30, "attack.example");
        try (DeliveryLog log = DeliveryLog.record();
                MailetContainer james = stage.james(Map.of("mailHostLimit", "25", "addressLimit", "7"))) {
            james.send("sender@sender.example", "a@attack.example");

            assertThat(part(james.awaitSpooled(1).get(0), 0))
                    .contains("and 23 more mail hosts were not tried: addressLimit is 7");
            assertThat(log.about("host=mx")).hasSize(7);
        }
    }

    @Test
    void listOfGatewaysShouldBeLimitedToo() throws Exception {
        List<String> gateways = IntStream.rangeClosed(1, 30)
                .mapToObj(number -> "gw" + number + ".sender.example")
                .toList();
        gateways.forEach(stage::deserted);
        try (MailetContainer james = stage.james(Map.of("gateway", String.join(",", gateways), "gatewayPort", "1"))) {
            james.send("sender@sender.example", "a@other.example");

            assertThat(part(james.awaitSpooled(1).get(0), 0))
                    .contains("and 10 more mail hosts were not tried: mailHostLimit is 20");
        }
    }

    @Test
    void secondGatewayShouldGetTheMailWhenTheFirstAnswers334AfterAuthPlain() throws Exception {
        ReceivingServer bad = stage.host(
                "gw1.sender.example",
                stage.trustedFor("gw1.sender.example").offering("AUTH PLAIN").reply(SmtpStep.AUTH, "334 "));
        ReceivingServer good = stage.host(
                "gw2.sender.example", stage.trustedFor("gw2.sender.example").account("james", "secret"));
        Map<String, String> parameters = new TreeMap<>(Map.of("gateway", "gw1.sender.example,gw2.sender.example"));
        parameters.put("gatewayPort", String.valueOf(stage.port()));
        parameters.put("gatewayUsername", "james");
        parameters.put("gatewayPassword", "secret");
        parameters.put("loadBalancing", "false");
        parameters.put("onSuccess", "delivered");
        try (MailetContainer james = stage.james(parameters)) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(good.awaitMessages(1)).hasSize(1);
            assertThat(james.awaitSpooled(1).get(0).getState()).isEqualTo("delivered");
            assertThat(bad.transcripts()).isNotEmpty();
            assertThat(bad.messages()).isEmpty();
        }
    }

    private static MimeMessage nested(int depth) throws Exception {
        StringBuilder message = new StringBuilder("Subject: nested\r\n");
        for (int level = 0; level < depth; level++) {
            message.append("Content-Type: multipart/mixed; boundary=b" + level + "\r\n\r\n--b" + level + "\r\n");
        }
        message.append(
                "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00e4\r\n");
        for (int level = depth - 1; level >= 0; level--) {
            message.append("--b" + level + "--\r\n");
        }
        return MailetContainer.message(message.toString());
    }

    @Test
    void messageNestedTooDeepToBeConvertedShouldBounceAtOnce() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.james(Map.of("maxRetries", "5", "delayTime", "1 hour"))) {
            james.send(nested(1200), "sender@sender.example", recipients(1, "bank.example"));

            assertThat(part(james.awaitSpooled(1).get(0), 1))
                    .contains("Status: 5.6.3")
                    .contains("nested deeper than 100 parts");
            assertThat(bank.awaitEnded(1).get(0).commands()).noneMatch(command -> command.startsWith("MAIL"));
        }
    }

    @Test
    void messageNestedTooDeepToBeConvertedShouldGoToAnotherHostThatOffers8bitmime() throws Exception {
        stage.host("mx1.bank.example", stage.trustedFor("mx1.bank.example"));
        ReceivingServer second = stage.host(
                "mx2.bank.example", stage.trustedFor("mx2.bank.example").offering("8BITMIME"));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(nested(1200), "sender@sender.example", recipients(1, "bank.example"));

            assertThat(second.awaitMessages(1)).hasSize(1);
            james.awaitIdle();
            assertThat(james.spooled()).isEmpty();
        }
    }

    @Test
    void messageNestedTooDeepToBeConvertedShouldWaitWhileAnotherHostIsDown() throws Exception {
        stage.host("mx1.bank.example", stage.trustedFor("mx1.bank.example"));
        stage.deserted("mx2.bank.example");
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
        try (MailetContainer james = stage.james(Map.of("maxRetries", "5", "delayTime", "1 hour"))) {
            james.send(nested(1200), "sender@sender.example", recipients(1, "bank.example"));

            assertThat(james.awaitPostponed().attributesMap().toString()).contains("4.6.3");
        }
    }
}
