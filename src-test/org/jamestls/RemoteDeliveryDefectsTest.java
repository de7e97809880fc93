package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.mail.internet.MimeMultipart;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in RemoteDelivery, each defect by its name, and what comes of the same mail here. */
class RemoteDeliveryDefectsTest {

    private static final String OTHER_DOMAIN = "other.example";

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

    private static Map<String, String> telling(String... more) {
        Map<String, String> parameters =
                new TreeMap<>(Map.of("bounceProcessor", "bounces", "onSuccess", "delivered", "sendpartial", "true"));
        for (int i = 0; i < more.length; i += 2) {
            parameters.put(more[i], more[i + 1]);
        }
        return parameters;
    }

    private static Optional<Object> attribute(Mail mail, String name) {
        return mail.getAttribute(AttributeName.of(name))
                .map(Attribute::getValue)
                .map(value -> value.value());
    }

    private static List<String> recipients(Mail mail) {
        return mail.getRecipients().stream().map(MailAddress::asString).toList();
    }

    private static Mail only(List<Mail> mails, String state) {
        assertThat(mails).filteredOn(mail -> mail.getState().equals(state)).hasSize(1);
        return mails.stream()
                .filter(mail -> mail.getState().equals(state))
                .findFirst()
                .orElseThrow();
    }

    /** "Too many retries failure" is all that RemoteDelivery has to say then. */
    @Nested
    class BounceAfterTheLastRetryHasNoReasonAndNoCode {

        @Test
        void bounceProcessorShouldGetReasonAndCode() throws Exception {
            stage.mx(
                    OTHER_DOMAIN,
                    ReceivingServer.builder().replyToRecipient("a@other.example", "450 4.2.0 greylisted"));
            try (MailetContainer james = stage.james(telling("maxRetries", "1", "delayTime", "50"))) {
                james.send("sender@sender.example", "a@other.example");

                Mail bounced = james.awaitSpooled(1).get(0);
                assertThat(attribute(bounced, "delivery-error").orElseThrow())
                        .asString()
                        .contains("450 4.2.0 greylisted");
                assertThat(attribute(bounced, "delivery-error-code")).contains(450);
                assertThat(attribute(bounced, "tls-enforcement.status")).contains("4.2.0");
            }
        }

        @Test
        void senderShouldGetReasonAndCode() throws Exception {
            stage.mx(
                    OTHER_DOMAIN,
                    ReceivingServer.builder().replyToRecipient("a@other.example", "450 4.2.0 greylisted"));
            try (MailetContainer james = stage.james(Map.of("maxRetries", "1", "delayTime", "50"))) {
                james.send("sender@sender.example", "a@other.example");

                MimeMultipart bounce = (MimeMultipart)
                        james.awaitSpooled(1).get(0).getMessage().getContent();
                assertThat(part(bounce, 0)).contains("450 4.2.0 greylisted").contains("It was tried 2 times");
                assertThat(part(bounce, 1)).contains("Status: 5.2.0").contains("smtp; ");
            }
        }

        private String part(MimeMultipart bounce, int number) throws Exception {
            return new String(bounce.getBodyPart(number).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** JavaMail reports such a mail as failed, with the reply to the final dot; RemoteDelivery stops there. */
    @Nested
    class DeliveredRecipientsNeverReachOnSuccessWhenAnotherIsRefusedAndTheCodeReads250 {

        @Test
        void deliveredOnesShouldReachOnSuccessAndTheCodeShouldBeThatOfTheRefusal() throws Exception {
            ReceivingServer other = stage.mx(
                    OTHER_DOMAIN,
                    ReceivingServer.builder().replyToRecipient("gone@other.example", "550 5.1.1 unknown"));
            try (MailetContainer james = stage.james(telling())) {
                james.send("sender@sender.example", "good@other.example", "gone@other.example", "fine@other.example");

                List<Mail> told = james.awaitSpooled(2);
                assertThat(other.messages()).hasSize(1);
                assertThat(recipients(only(told, "delivered")))
                        .containsExactlyInAnyOrder("good@other.example", "fine@other.example");
                assertThat(recipients(only(told, "bounces"))).containsExactly("gone@other.example");
                assertThat(attribute(only(told, "bounces"), "delivery-error-code"))
                        .contains(550);
            }
        }
    }

    /** RemoteDelivery hands the processor a mail for each mail host that delivered to nobody. */
    @Nested
    class OnSuccessIsCalledWithoutRecipientsAfterA450 {

        @Test
        void onSuccessShouldNotBeCalledWhenNobodyGotTheMail() throws Exception {
            ReceivingServer other = stage.mx(
                    OTHER_DOMAIN,
                    ReceivingServer.builder().replyToRecipient("a@other.example", "450 4.2.0 greylisted"));
            try (MailetContainer james = stage.james(telling("maxRetries", "1", "delayTime", "1 hour"))) {
                james.send("sender@sender.example", "a@other.example");

                other.awaitEnded(1);
                james.awaitPostponed();
                assertThat(james.spooled()).isEmpty();
            }
        }

        @Test
        void onSuccessShouldBeCalledForThoseAloneWhoGotTheMail() throws Exception {
            stage.mx(
                    OTHER_DOMAIN,
                    ReceivingServer.builder().replyToRecipient("grey@other.example", "450 4.2.0 later", "250 ok"));
            try (MailetContainer james = stage.james(telling("maxRetries", "1", "delayTime", "50"))) {
                james.send("sender@sender.example", "good@other.example", "grey@other.example");

                assertThat(james.awaitSpooled(2))
                        .allSatisfy(mail -> assertThat(mail.getState()).isEqualTo("delivered"))
                        .extracting(RemoteDeliveryDefectsTest::recipients)
                        .containsExactly(List.of("good@other.example"), List.of("grey@other.example"));
            }
        }
    }

    /** With startTLS RemoteDelivery connects by name, so that JavaMail asks the JVM and takes the first address. */
    @Nested
    class HostsAreResolvedThroughTheJvmAndAllButOneAddressAreLost {

        @Test
        void hostThatOnlyTheDnsOfJamesKnowsShouldBeTriedAtEachOfItsAddresses() throws Exception {
            ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
            stage.dns.address("mx.bank.example", nobodyListens(), bank.address());
            try (MailetContainer james = stage.james(telling("startTLS", "true"))) {
                james.send("sender@sender.example", "a@bank.example");

                assertThat(bank.awaitMessages(1))
                        .extracting(ReceivedMessage::overTls)
                        .containsExactly(true);
                assertThat(bank.awaitEnded(1).get(0).tls().orElseThrow().serverName())
                        .contains("mx.bank.example");
            }
        }

        private InetAddress nobodyListens() throws IOException {
            return InetAddress.getByName("127.0.0.99");
        }
    }

    /** RemoteDelivery writes addresses into a URL of JavaMail without brackets. */
    @Nested
    class Ipv6AddressesBreakTheUrl {

        @Test
        void hostWithAnIpv6AddressShouldBeReached() throws Exception {
            assumeThat(hasIpv6())
                    .as("this system has IPv6 on its loopback interface")
                    .isTrue();
            ReceivingServer bank = stage.hidden(
                    "v6", stage.trustedFor("mx.bank.example").address("::1").port(stage.port()));
            stage.dns.mx("bank.example", "mx.bank.example").address("mx.bank.example", InetAddress.getByName("::1"));
            try (MailetContainer james = stage.james(telling())) {
                james.send("sender@sender.example", "a@bank.example");

                assertThat(bank.awaitMessages(1)).hasSize(1);
            }
        }

        @Test
        void gatewayAtAnIpv6AddressShouldBeReached() throws Exception {
            assumeThat(hasIpv6())
                    .as("this system has IPv6 on its loopback interface")
                    .isTrue();
            ReceivingServer gateway = stage.hidden(
                    "v6",
                    Stage.presenting(stage.trusted.issue(new Request("CN=gate").ipAddress("::1")))
                            .address("::1"));
            try (MailetContainer james = stage.james(telling("gateway", "[::1]:" + gateway.port()))) {
                james.send("sender@sender.example", "a@bank.example");

                assertThat(gateway.awaitMessages(1)).hasSize(1);
            }
        }

        private boolean hasIpv6() {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress("::1", 0));
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** For RemoteDelivery what is no I/O error of one host is an error that all hosts would have. */
    @Nested
    class HostWithoutStartTlsStopsTheTourOfMxHostsWhereTlsIsRequired {

        @Test
        void nextHostShouldBeTried() throws Exception {
            ReceivingServer first = stage.host("mx1.other.example", ReceivingServer.builder());
            ReceivingServer second = stage.host("mx2.other.example", stage.trustedFor("mx2.other.example"));
            stage.dns.mx(OTHER_DOMAIN, "mx1.other.example", "mx2.other.example");
            try (MailetContainer james = stage.james(telling("mail.smtp.starttls.required", "true"))) {
                james.send("sender@sender.example", "a@other.example");

                assertThat(second.awaitMessages(1)).hasSize(1);
                assertThat(first.messages()).isEmpty();
                assertThat(first.awaitEnded(1)).hasSize(1);
            }
        }
    }

    /** One refusal then decides about the recipients of all domains, and none of them has a policy of its own. */
    @Nested
    class GatewayPutsRecipientsOfSeveralDomainsIntoOneItem {

        @Test
        void eachDomainShouldHaveItsOwnItemAndItsOwnPolicy() throws Exception {
            stage.policy("<domain name='bank.example'/>");
            ReceivingServer gateway = stage.host(
                    "gw.sender.example", Stage.presenting(Stage.worthless()).offering("PIPELINING"));
            try (MailetContainer james = stage.james(telling("gateway", "gw.sender.example:" + stage.port()))) {
                Mail sent = james.send(
                        "sender@sender.example",
                        "a@bank.example",
                        "b@other.example",
                        "c@third.example",
                        "d@bank.example");

                List<Mail> told = james.awaitSpooled(3);
                assertThat(gateway.awaitMessages(2))
                        .extracting(ReceivedMessage::recipients)
                        .containsExactlyInAnyOrder(List.of("b@other.example"), List.of("c@third.example"));
                Mail bounced = only(told, "bounces");
                assertThat(recipients(bounced)).containsExactly("a@bank.example", "d@bank.example");
                assertThat(bounced.getName()).isEqualTo(sent.getName() + "-to-bank.example");
            }
        }
    }

    /** RemoteDelivery looks up the count that the mail had in an earlier round through the queue. */
    @Nested
    class ReprocessedMailCountsItsOldRetriesWhenTheDnsKnowsNoHost {

        @Test
        void dnsProblemsShouldCountAnew() throws Exception {
            try (MailetContainer james =
                    stage.james(telling("maxRetries", "5", "delayTime", "1 hour", "maxDnsProblemRetries", "2"))) {
                Mail reprocessed = MailetContainer.mail("sender@sender.example", "a@nowhere.example");
                reprocessed.setAttribute(new Attribute(AttributeName.of("delivery_retry_count"), AttributeValue.of(5)));
                james.send(reprocessed);

                james.awaitPostponed();
                assertThat(james.spooled()).isEmpty();
            }
        }
    }
}
