package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.jamestls.james.Stage.presenting;
import static org.jamestls.james.Stage.worthless;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.Transcript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the mailet makes of queue items, gateways, replies and messages. */
class TlsRemoteDeliveryTest {

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

    @Test
    void twoPoliciesOnOneMailHostShouldShareNeitherConnectionNorSession() throws Exception {
        stage.policy("<domain name='strict.example'/>"
                + "<domain name='lax.example'><certificateValidation>relaxed</certificateValidation></domain>");
        ReceivingServer shared = stage.host("mx.hosting.example", presenting(worthless()));
        stage.dns.mx("strict.example", "mx.hosting.example").mx("lax.example", "mx.hosting.example");
        try (MailetContainer james = stage.james(TELLING)) {
            james.send("sender@sender.example", "a@lax.example");
            shared.awaitMessages(1);
            james.send("sender@sender.example", "b@strict.example");

            List<Mail> told = james.awaitSpooled(2);
            assertThat(told).extracting(Mail::getState).containsExactlyInAnyOrder("delivered", "bounces");
            assertThat(shared.messages()).hasSize(1);
            List<Transcript> connections = shared.awaitEnded(2);
            assertThat(connections.get(1).commands()).noneMatch(command -> command.startsWith("MAIL"));
            assertThat(connections)
                    .allSatisfy(connection -> assertThat(connection.tls().map(Transcript.Tls::resumed))
                            .isNotEqualTo(java.util.Optional.of(true)));
        }
    }

    @Test
    void itemWithRecipientsOfThreeDomainsShouldBeGroupedWithoutLossOrDoubles() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        ReceivingServer other = stage.mx("other.example", ReceivingServer.builder());
        stage.policy("<domain name='bank.example'/><domain name='down.example'/>");
        stage.mx("down.example", ReceivingServer.builder());
        try (MailetContainer james = stage.james(TELLING)) {
            james.enqueue(
                    "sender@sender.example", "a@bank.example", "x@down.example", "o@other.example", "b@bank.example");

            List<Mail> told = james.awaitSpooled(3);
            james.awaitIdle();
            assertThat(bank.messages())
                    .extracting(ReceivedMessage::recipients)
                    .containsExactly(List.of("a@bank.example", "b@bank.example"));
            assertThat(other.messages())
                    .extracting(ReceivedMessage::recipients)
                    .containsExactly(List.of("o@other.example"));
            assertThat(told)
                    .filteredOn(mail -> mail.getState().equals("bounces"))
                    .singleElement()
                    .satisfies(mail -> assertThat(recipients(mail)).containsExactly("x@down.example"));
            assertThat(told).hasSize(3);
        }
    }

    @Test
    void gatewayThatViolatesShouldSeeNoCredentials() throws Exception {
        ReceivingServer gateway =
                stage.host("gw.sender.example", presenting(worthless()).account("james", "secret"));
        try (MailetContainer james = stage.james(gateway("gw.sender.example"))) {
            james.send("sender@sender.example", "a@bank.example");

            james.awaitSpooled(1);
            assertThat(gateway.messages()).isEmpty();
            assertThat(gateway.awaitEnded(1).get(0).commands())
                    .noneMatch(command -> command.startsWith("AUTH") || command.startsWith("MAIL"));
        }
    }

    @Test
    void gatewayThatSatisfiesShouldGetCredentialsAndMail() throws Exception {
        ReceivingServer gateway = stage.host(
                "gw.sender.example", stage.trustedFor("gw.sender.example").account("james", "secret"));
        try (MailetContainer james = stage.james(gateway("gw.sender.example"))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(gateway.awaitMessages(1)).hasSize(1);
            assertThat(gateway.awaitEnded(1).get(0).commandsOverTls()).anyMatch(command -> command.startsWith("AUTH"));
        }
    }

    @Test
    void staticRouteShouldWinOverTheGatewayAndSeeNoCredentials() throws Exception {
        ReceivingServer gateway = stage.host("gw.sender.example", stage.trustedFor("gw.sender.example"));
        ReceivingServer route = stage.host(
                "gate.bank.example", stage.trustedFor("gate.bank.example").account("james", "secret"));
        stage.policy("<domain name='bank.example'><mailDelivery>staticRoute</mailDelivery><staticRoute>"
                + "gate.bank.example:" + stage.port() + "</staticRoute></domain>");
        try (MailetContainer james = stage.james(gateway("gw.sender.example"))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(route.awaitMessages(1)).hasSize(1);
            assertThat(route.awaitEnded(1).get(0).commands()).noneMatch(command -> command.startsWith("AUTH"));
            assertThat(gateway.transcripts()).isEmpty();
        }
    }

    private Map<String, String> gateway(String host) {
        return Map.of(
                "gateway", host + ":" + stage.port(),
                "gatewayUsername", "james",
                "gatewayPassword", "secret",
                "bounceProcessor", "bounces");
    }

    @Test
    void mailWithoutSenderShouldKeepItsNullReversePath() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.james(TELLING)) {
            james.send("<>", "a@bank.example");

            assertThat(bank.awaitMessages(1).get(0).sender()).isEmpty();
        }
    }

    @Test
    void mailWithoutSenderShouldNotBeBounced() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", ReceivingServer.builder());
        try (MailetContainer james = stage.james(Map.of())) {
            james.send("<>", "a@bank.example");

            bank.awaitEnded(1);
            james.awaitIdle();
            assertThat(james.spooled()).isEmpty();
        }
    }

    @Test
    void nullMxShouldBounceAtOnce() throws Exception {
        stage.dns.mx("bank.example", ".");
        try (MailetContainer james = stage.james(Map.of("bounceProcessor", "bounces", "maxRetries", "3"))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(james.awaitSpooled(1).get(0).attributesMap().toString())
                    .contains("null MX")
                    .contains("5.1.10");
        }
    }

    @Test
    void addressShouldNotBeUsedBesideAnMxThatViolates() throws Exception {
        ReceivingServer address = stage.host("bank.example", stage.trustedFor("bank.example"));
        stage.mx("bank.example", ReceivingServer.builder());
        try (MailetContainer james = stage.james(TELLING)) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(james.awaitSpooled(1).get(0).getState()).isEqualTo("bounces");
            assertThat(address.transcripts()).isEmpty();
        }
    }

    @Test
    void recipientsShouldEachGetWhatTheHostSaid() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example")
                        .replyToRecipient("gone@bank.example", "550 5.1.1 no such user")
                        .replyToRecipient("full@bank.example", "452 4.2.2 mailbox full"));
        try (MailetContainer james = stage.james(Map.of(
                "bounceProcessor", "bounces", "onSuccess", "delivered", "maxRetries", "1", "delayTime", "1 hour"))) {
            james.send("sender@sender.example", "good@bank.example", "gone@bank.example", "full@bank.example");

            List<Mail> told = james.awaitSpooled(2);
            assertThat(bank.messages())
                    .extracting(ReceivedMessage::recipients)
                    .containsExactly(List.of("good@bank.example"));
            Mail bounced = only(told, "bounces");
            assertThat(recipients(bounced)).containsExactly("gone@bank.example");
            assertThat(bounced.attributesMap()
                            .get(DeliveryAttributes.ERROR_CODE)
                            .getValue()
                            .value())
                    .isEqualTo(550);
            assertThat(bounced.attributesMap()
                            .get(DeliveryAttributes.PERMANENT_ERROR)
                            .getValue()
                            .value())
                    .isEqualTo(true);
            assertThat(recipients(only(told, "delivered"))).containsExactly("good@bank.example");
            Mail waiting = james.waiting().get(0);
            assertThat(recipients(waiting)).containsExactly("full@bank.example");
            assertThat(waiting.attributesMap()
                            .get(DeliveryAttributes.RETRIES)
                            .getValue()
                            .value())
                    .isEqualTo(1);
            assertThat(waiting.attributesMap()
                            .get(DeliveryAttributes.PERMANENT_ERROR)
                            .getValue()
                            .value())
                    .isEqualTo(false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 4.3.2 closing", "451 4.3.0 later"})
    void temporaryReplyToMailShouldTryTheNextHost(String reply) throws Exception {
        stage.host("mx1.bank.example", stage.trustedFor("mx1.bank.example").reply(SmtpStep.MAIL, reply));
        ReceivingServer second = stage.host("mx2.bank.example", stage.trustedFor("mx2.bank.example"));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
        try (MailetContainer james = stage.james(TELLING)) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(second.awaitMessages(1)).hasSize(1);
            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("delivered");
        }
    }

    @Test
    void eightBitMessageShouldBeConvertedForAHostWithout8BitMime() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(
                    MailetContainer.message("Subject: x\r\nMIME-Version: 1.0\r\nBcc: hidden@bank.example\r\n"
                            + "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n"
                            + "\r\nGr\u00fc\u00dfe\r\n"),
                    "sender@sender.example",
                    List.of(new MailAddress("a@bank.example")));

            assertThat(bank.awaitMessages(1).get(0).text())
                    .contains("Gr=FC=DFe")
                    .doesNotContain("hidden@bank.example");
        }
    }

    @Test
    void eightBitMessageShouldGoAsItIsToAHostWith8BitMime() throws Exception {
        ReceivingServer bank =
                stage.mx("bank.example", stage.trustedFor("mx.bank.example").offering("8BITMIME"));
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(
                    MailetContainer.message("Subject: x\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n"),
                    "sender@sender.example",
                    List.of(new MailAddress("a@bank.example")));

            ReceivedMessage message = bank.awaitMessages(1).get(0);
            assertThat(message.text()).contains("Gr\u00fc\u00dfe");
            assertThat(message.mailParameters()).contains("BODY=8BITMIME");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gate.bank.example", "127.0.0.77"})
    void staticRouteWithoutPortShouldGoToPort25(String route) throws Exception {
        assumeThat(canListenAt25()).as("this system lets us listen on port 25").isTrue();
        stage.hidden(
                "route",
                stage.trustedFor("gate.bank.example").address("127.0.0.77").port(25));
        stage.dns.address("gate.bank.example", InetAddress.getByName("127.0.0.77"));
        stage.policy("<domain name='bank.example'><mailDelivery>staticRoute</mailDelivery><staticRoute>" + route
                + "</staticRoute><trustedCommonNames><commonName>gate.bank.example</commonName></trustedCommonNames>"
                + "</domain>");
        try (MailetContainer james = stage.james(TELLING)) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(stage.server("route").awaitMessages(1)).hasSize(1);
        }
    }

    private static boolean canListenAt25() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.0.0.77", 25));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Mail only(List<Mail> mails, String state) {
        return mails.stream()
                .filter(mail -> mail.getState().equals(state))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> recipients(Mail mail) {
        return mail.getRecipients().stream().map(MailAddress::asString).toList();
    }
}
