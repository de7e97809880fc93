package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.james.Stage.presenting;
import static org.jamestls.james.Stage.worthless;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ReceivingServer.StartTls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the parameters that operators know from RemoteDelivery do to mails, over sockets. */
class RemoteDeliveryParametersTest {

    private static final Map<String, String> TELLING = Map.of("bounceProcessor", "bounces", "onSuccess", "delivered");
    private static final Map<String, String> ALL_OR_NONE = Map.of("sendpartial", "false");
    private static final Map<String, String> RETRYING = Map.of("maxRetries", "1", "delayTime", "1 hour");

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
    void mailRefusedForOneShouldGoToNobodyWithoutSendpartialAndTheOthersShouldBeTriedAgain() throws Exception {
        ReceivingServer first = stage.host(
                "mx1.bank.example",
                stage.trustedFor("mx1.bank.example")
                        .replyToRecipient("gone@bank.example", "550 5.1.1 no such user")
                        .offering("PIPELINING"));
        ReceivingServer second = stage.host("mx2.bank.example", stage.trustedFor("mx2.bank.example"));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
        try (MailetContainer james = stage.james(all(TELLING, ALL_OR_NONE, RETRYING))) {
            james.send("sender@sender.example", "good@bank.example", "gone@bank.example", "fine@bank.example");

            Mail bounced = james.awaitSpooled(1).get(0);
            Mail postponed = james.awaitPostponed();
            assertThat(bounced.getState()).isEqualTo("bounces");
            assertThat(recipients(bounced)).containsExactly("gone@bank.example");
            assertThat(recipients(postponed)).containsExactlyInAnyOrder("good@bank.example", "fine@bank.example");
            assertThat(first.messages()).isEmpty();
            assertThat(second.transcripts()).isEmpty();
        }
    }

    @Test
    void othersShouldGetTheMailAtTheNextAttemptWithoutSendpartial() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example").replyToRecipient("gone@bank.example", "550 5.1.1 no such user"));
        try (MailetContainer james =
                stage.james(all(TELLING, ALL_OR_NONE, Map.of("maxRetries", "1", "delayTime", "100")))) {
            james.send("sender@sender.example", "good@bank.example", "gone@bank.example");

            assertThat(bank.awaitMessages(1))
                    .extracting(ReceivedMessage::recipients)
                    .containsExactly(List.of("good@bank.example"));
            assertThat(james.awaitSpooled(2))
                    .extracting(Mail::getState)
                    .containsExactlyInAnyOrder("bounces", "delivered");
        }
    }

    @Test
    void mailPostponedForOneShouldGoToNobodyWithoutSendpartialUntilAHostTakesAll() throws Exception {
        ReceivingServer first = stage.host(
                "mx1.bank.example",
                stage.trustedFor("mx1.bank.example").replyToRecipient("full@bank.example", "452 4.2.2 mailbox full"));
        ReceivingServer second = stage.host("mx2.bank.example", stage.trustedFor("mx2.bank.example"));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
        try (MailetContainer james = stage.james(all(TELLING, ALL_OR_NONE))) {
            james.send("sender@sender.example", "good@bank.example", "full@bank.example");

            assertThat(second.awaitMessages(1))
                    .extracting(ReceivedMessage::recipients)
                    .containsExactly(List.of("good@bank.example", "full@bank.example"));
            assertThat(first.messages()).isEmpty();
        }
    }

    @Test
    void everybodyShouldBeBouncedAfterTheLastRetryWithoutSendpartial() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example").replyToRecipient("full@bank.example", "452 4.2.2 mailbox full"));
        try (MailetContainer james = stage.james(all(TELLING, ALL_OR_NONE))) {
            james.send("sender@sender.example", "good@bank.example", "full@bank.example");

            assertThat(james.awaitSpooled(2))
                    .allSatisfy(mail -> assertThat(mail.getState()).isEqualTo("bounces"))
                    .extracting(RemoteDeliveryParametersTest::recipients)
                    .containsExactlyInAnyOrder(List.of("good@bank.example"), List.of("full@bank.example"));
            assertThat(bank.messages()).isEmpty();
        }
    }

    @Test
    void usePriorityShouldKeepAMailsPriorityAndPutRetriesBehindAllOthers() throws Exception {
        try (MailetContainer james = stage.james(all(TELLING, RETRYING, Map.of("usePriority", "true")))) {
            Mail waiting = waitingAfter(james, withPriority());

            assertThat(admitted(james)).isEqualTo(value(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE));
            assertThat(priority(waiting)).isEqualTo(value(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE));
        }
    }

    @Test
    void priorityShouldDecideNothingInTheQueueWithoutUsePriority() throws Exception {
        try (MailetContainer james = stage.james(all(TELLING, RETRYING))) {
            Mail waiting = waitingAfter(james, withPriority());

            assertThat(admitted(james)).isNull();
            assertThat(priority(waiting)).isNull();
        }
    }

    @Test
    void reprocessedMailShouldHaveItsOwnPriorityAgain() throws Exception {
        try (MailetContainer james = stage.james(all(TELLING, RETRYING, Map.of("usePriority", "true")))) {
            Mail reprocessed = waitingAfter(james, withPriority()).duplicate();
            reprocessed.setState("transport");
            james.send(reprocessed);

            assertThat(priority(reprocessed)).isEqualTo(value(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE));
        }
    }

    private static Mail withPriority() throws Exception {
        Mail mail = MailetContainer.mail("sender@sender.example", "a@bank.example");
        mail.setAttribute(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE);
        return mail;
    }

    private Mail waitingAfter(MailetContainer james, Mail mail) throws Exception {
        stage.dns.failing("bank.example");
        james.send(mail);
        return james.awaitPostponed();
    }

    private Object admitted(MailetContainer james) throws Exception {
        Mail mail = withPriority();
        james.send(mail);
        return priority(mail);
    }

    private static Object priority(Mail mail) {
        return mail.getAttribute(MailPrioritySupport.MAIL_PRIORITY)
                .map(RemoteDeliveryParametersTest::value)
                .orElse(null);
    }

    private static Object value(Attribute attribute) {
        return attribute.getValue().value();
    }

    enum Host {
        PROVEN,
        WORTHLESS_CERTIFICATE,
        WITHOUT_TLS
    }

    enum Sent {
        OVER_TLS,
        IN_THE_CLEAR,
        NOT_AT_ALL
    }

    static Stream<Arguments> otherDomains() {
        Map<String, String> required = Map.of("mail.smtp.starttls.required", "true");
        Map<String, String> unverified = Map.of("mail.smtp.starttls.required", "true", "verifyServerIdentity", "false");
        return Stream.of(
                Arguments.of("none", Map.of(), Host.PROVEN, Sent.IN_THE_CLEAR, "as the file says"),
                Arguments.of("none", Map.of("startTLS", "true"), Host.PROVEN, Sent.OVER_TLS, "strengthened"),
                Arguments.of("none", Map.of("startTLS", "true"), Host.WITHOUT_TLS, Sent.IN_THE_CLEAR, "as there"),
                Arguments.of("opportunistic", required, Host.WITHOUT_TLS, Sent.NOT_AT_ALL, "TLS is required"),
                Arguments.of("opportunistic", required, Host.WORTHLESS_CERTIFICATE, Sent.NOT_AT_ALL, "and verified"),
                Arguments.of("opportunistic", required, Host.PROVEN, Sent.OVER_TLS, "satisfied"),
                Arguments.of("opportunistic", unverified, Host.WORTHLESS_CERTIFICATE, Sent.OVER_TLS, "encrypts"),
                Arguments.of("none", Map.of("sslEnable", "true"), Host.WITHOUT_TLS, Sent.NOT_AT_ALL, "as sslEnable"),
                Arguments.of("required", Map.of("startTLS", "false"), Host.WITHOUT_TLS, Sent.NOT_AT_ALL, "no weaker"),
                Arguments.of("required", unverified, Host.WITHOUT_TLS, Sent.NOT_AT_ALL, "no weaker"));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}: {3}, {4}")
    @MethodSource("otherDomains")
    void tlsParametersShouldStrengthenOtherDomains(
            String tls, Map<String, String> parameters, Host host, Sent sent, String why) throws Exception {
        stage.policy("<otherDomains><tls>" + tls + "</tls></otherDomains>");
        ReceivingServer other = stage.mx("other.example", host(host));
        try (MailetContainer james = stage.james(all(TELLING, parameters))) {
            james.send("sender@sender.example", "a@other.example");

            james.awaitSpooled(1);
            assertThat(sent(other)).as(why).isEqualTo(sent);
        }
    }

    private ReceivingServer.Builder host(Host host) {
        return switch (host) {
            case PROVEN -> stage.trustedFor("mx.other.example");
            case WORTHLESS_CERTIFICATE -> presenting(worthless());
            case WITHOUT_TLS -> ReceivingServer.builder().startTls(StartTls.NOT_OFFERED);
        };
    }

    private static Sent sent(ReceivingServer server) {
        if (server.messages().isEmpty()) {
            return Sent.NOT_AT_ALL;
        }
        return server.messages().get(0).overTls() ? Sent.OVER_TLS : Sent.IN_THE_CLEAR;
    }

    @Test
    void tlsParametersShouldNotWeakenAnEnforcedDomain() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", presenting(worthless()));
        try (MailetContainer james = stage.james(
                all(TELLING, Map.of("startTLS", "false", "verifyServerIdentity", "false", "sslEnable", "false")))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("bounces");
            assertThat(bank.messages()).isEmpty();
        }
    }

    @Test
    void verifyServerIdentityShouldNotStrengthenARelaxedDomain() throws Exception {
        stage.policy("<domain name='bank.example'><certificateValidation>relaxed</certificateValidation></domain>");
        ReceivingServer bank = stage.mx("bank.example", presenting(worthless()));
        try (MailetContainer james = stage.james(all(TELLING, Map.of("sslEnable", "true")))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(bank.awaitMessages(1)).hasSize(1);
        }
    }

    @SafeVarargs
    private static Map<String, String> all(Map<String, String>... parameters) {
        Map<String, String> all = new TreeMap<>();
        for (Map<String, String> some : parameters) {
            all.putAll(some);
        }
        return all;
    }

    private static List<String> recipients(Mail mail) {
        return mail.getRecipients().stream().map(MailAddress::asString).toList();
    }
}
