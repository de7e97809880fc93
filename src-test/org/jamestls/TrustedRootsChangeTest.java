package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The roots of strong validation: those of two files, and those that change while mails are delivered. */
class TrustedRootsChangeTest {

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
        Map<String, String> parameters = new TreeMap<>(
                Map.of("bounceProcessor", "bounces", "onSuccess", "delivered", "connectionIdleTime", "20000"));
        for (int i = 0; i < more.length; i += 2) {
            parameters.put(more[i], more[i + 1]);
        }
        return parameters;
    }

    private static String fate(MailetContainer james, int count) throws Exception {
        james.send("sender@sender.example", "a@bank.example");
        Mail told = james.awaitSpooled(count).get(count - 1);
        james.awaitIdle();
        return told.getState();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void connectionVerifiedUnderOldRootsShouldNotBeUsedAfterAChange(String provider) throws Exception {
        ReceivingServer server = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.james(telling("tlsProvider", provider))) {
            assertThat(fate(james, 1)).isEqualTo("delivered");
            stage.trust(stage.unknown);
            james.refreshRoots();
            assertThat(fate(james, 2)).as("the root is not trusted any more").isEqualTo("bounces");
            stage.trust(stage.trusted);
            james.refreshRoots();
            assertThat(fate(james, 3)).as("it is again").isEqualTo("delivered");

            assertThat(server.messages()).hasSize(2);
            assertThat(server.transcripts()).as("connections").hasSize(3);
        }
    }

    static Stream<String> providers() {
        return Stream.of("bouncycastle", "jdk");
    }

    @Test
    void rejectedFileShouldLeaveTheRootsInForce() throws Exception {
        ReceivingServer server = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.james(telling())) {
            assertThat(fate(james, 1)).isEqualTo("delivered");
            Files.writeString(stage.directory().resolve("conf/roots.pem"), "-----BEGIN CERTIFICATE-----\nhalf");
            james.refreshRoots();
            assertThat(fate(james, 2)).isEqualTo("delivered");
            Files.delete(stage.directory().resolve("conf/roots.pem"));
            james.refreshRoots();
            assertThat(fate(james, 3)).isEqualTo("delivered");

            assertThat(server.transcripts()).as("one connection").hasSize(1);
        }
    }

    @Test
    void additionalRootsShouldBeTrustedBesides() throws Exception {
        Files.writeString(stage.directory().resolve("conf/partner.pem"), Stage.pem(stage.unknown.certificate()));
        stage.policy("<domain name='bank.example'/><domain name='partner.example'/>");
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        ReceivingServer partner =
                stage.mx("partner.example", Stage.presenting(stage.unknown.issueFor("mx.partner.example")));
        try (MailetContainer james = stage.james(telling("additionalRoots", "conf/partner.pem"))) {
            james.send("sender@sender.example", "a@bank.example", "b@partner.example");

            assertThat(bank.awaitMessages(1)).hasSize(1);
            assertThat(partner.awaitMessages(1)).hasSize(1);
        }
    }
}
