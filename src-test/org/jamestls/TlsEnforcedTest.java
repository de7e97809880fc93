package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.james.UnparsedAddress;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is handed to the mailet, and who walks on to the ordinary delivery. */
class TlsEnforcedTest {

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy("<domain name='bank.example'><excludedSubDomains><subDomain>lists.bank.example</subDomain>"
                + "</excludedSubDomains></domain><domain name='b\u00fccher.example'/>"
                + "<domain name='private.lists.bank.example'/>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    @Test
    void mailToBothKindsShouldBeSplitAndEachGoByItsRule() throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.jamesWithMatcher(Map.of())) {
            james.send("sender@sender.example", "a@bank.example", "b@ordinary.example", "c@bank.example");

            assertThat(bank.awaitMessages(1).get(0).recipients()).containsExactly("a@bank.example", "c@bank.example");
            assertThat(james.ordinaryRecipients()).containsExactly("b@ordinary.example");
        }
    }

    @Test
    void excludedSubDomainsShouldWalkOnAndListedOnesBelowThemNot() throws Exception {
        stage.mx("private.lists.bank.example", ReceivingServer.builder());
        try (MailetContainer james = stage.jamesWithMatcher(Map.of("bounceProcessor", "bounces"))) {
            james.send(
                    "sender@sender.example",
                    "a@lists.bank.example",
                    "b@old.lists.bank.example",
                    "c@private.lists.bank.example");

            assertThat(james.ordinaryRecipients()).containsExactly("a@lists.bank.example", "b@old.lists.bank.example");
            assertThat(recipients(james.awaitSpooled(1).get(0))).containsExactly("c@private.lists.bank.example");
        }
    }

    @Test
    void addressLiteralShouldWalkOn() throws Exception {
        try (MailetContainer james = stage.jamesWithMatcher(Map.of())) {
            james.send("sender@sender.example", "user@[127.0.0.9]");

            assertThat(james.ordinaryRecipients()).containsExactly("user@127.0.0.9");
        }
    }

    @Test
    void addressLiteralShouldFollowOtherDomainsInTheMailet() throws Exception {
        ReceivingServer literal = stage.host("unnamed.example", ReceivingServer.builder());
        try (MailetContainer james = stage.james(Map.of())) {
            james.send("sender@sender.example", "user@[" + Stage.loopback(literal) + "]");

            assertThat(literal.awaitMessages(1).get(0).recipients())
                    .containsExactly("user@[" + Stage.loopback(literal) + "]");
        }
    }

    @Test
    void domainInULabelsShouldBeEnforcedByItsALabel() throws Exception {
        ReceivingServer server = stage.mx("xn--bcher-kva.example", stage.trustedFor("mx.xn--bcher-kva.example"));
        try (MailetContainer james = stage.jamesWithMatcher(Map.of())) {
            james.send(
                    MailetContainer.message("Subject: x\r\n\r\nbody\r\n"),
                    "sender@sender.example",
                    List.of(new UnparsedAddress("user", Domain.of("B\u00dcCHER.example"))));

            assertThat(server.awaitMessages(1).get(0).recipients()).containsExactly("user@xn--bcher-kva.example");
            assertThat(james.ordinaryRecipients()).isEmpty();
        }
    }

    @Test
    void domainThatCannotBeConvertedShouldNeverBeSent() throws Exception {
        ReceivingServer guess = stage.mx("strasse.example", ReceivingServer.builder());
        ReceivingServer other = stage.mx("xn--strae-oqa.example", ReceivingServer.builder());
        try (MailetContainer james = stage.jamesWithMatcher(Map.of("bounceProcessor", "bounces", "maxRetries", "3"))) {
            james.send(
                    MailetContainer.message("Subject: x\r\n\r\nbody\r\n"),
                    "sender@sender.example",
                    List.of(new UnparsedAddress("user", Domain.of("stra\u00dfe.example"))));

            Mail bounced = james.awaitSpooled(1).get(0);
            assertThat(bounced.getState()).isEqualTo("bounces");
            assertThat(bounced.attributesMap().toString())
                    .contains("write the A-label")
                    .contains("5.1.2");
            assertThat(james.ordinaryRecipients()).isEmpty();
            assertThat(guess.transcripts()).isEmpty();
            assertThat(other.transcripts()).isEmpty();
        }
    }

    private static List<String> recipients(Mail mail) {
        Collection<MailAddress> recipients = mail.getRecipients();
        return recipients.stream().map(MailAddress::asString).toList();
    }
}
