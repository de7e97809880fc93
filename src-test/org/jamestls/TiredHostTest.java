package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.Fault;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts that take only so many mails over one connection and leave it open, and hosts that break off after each. */
class TiredHostTest {

    private static final int MAILS = 30;
    private static final int MAILS_PER_CONNECTION = 10;

    private final DeliveryLog log = DeliveryLog.record();
    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy("<domain name='bank.example'/>");
    }

    @AfterEach
    void tearDown() {
        log.close();
        stage.close();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            MAIL,    451 4.4.5 too many mails
            MAIL,    450 4.4.5 too many mails
            MAIL,    452 4.4.5 too many mails
            MAIL,    503 5.5.1 too many mails
            MAIL,    554 5.7.0 too many mails
            DATA,    451 4.4.5 too many mails
            DATA,    452 too many mails
            CONTENT, 451 4.4.5 too many mails
            CONTENT, 450 too many mails
            """)
    void mailsShouldGoOverFreshConnectionsAtOnce(SmtpStep step, String refusal) throws Exception {
        for (List<String> offered : List.of(List.of("PIPELINING", "CHUNKING"), List.of("SIZE"))) {
            String domain = offered.get(0).substring(0, 4).toLowerCase(Locale.ROOT) + ".bank.example";
            ReceivingServer bank = stage.mx(
                    domain,
                    stage.trustedFor("mx." + domain)
                            .offering(offered.toArray(String[]::new))
                            .mostMails(MAILS_PER_CONNECTION, step, refusal));
            try (MailetContainer james = stage.james(Map.of("maxRetries", "0", "maxConnectionsPerHost", "1"))) {
                for (int i = 0; i < MAILS; i++) {
                    james.send("sender@sender.example", "r" + i + "@" + domain);
                }
                bank.awaitMessages(MAILS);
                james.awaitIdle();

                assertThat(arrived(bank)).doesNotHaveDuplicates().hasSize(MAILS);
                assertThat(james.spooled()).as("bounces").isEmpty();
                assertThat(mailCommands(bank))
                        .as("the host is asked too much once")
                        .isEqualTo(MAILS + 1);
            }
        }
        assertThat(log.about("is tried again in")).isEmpty();
    }

    @Test
    void hostThatRefusesEveryMailShouldNotBeAskedInALoop() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example").reply(SmtpStep.MAIL, "250 2.1.0 ok", "451 4.3.2 closed for today"));
        try (MailetContainer james = stage.james(Map.of("maxRetries", "0", "maxConnectionsPerHost", "1"))) {
            for (int i = 0; i < 5; i++) {
                james.send("sender@sender.example", "r" + i + "@bank.example");
            }
            james.awaitSpooled(4);
            james.awaitIdle();

            assertThat(bank.messages()).hasSize(1);
            assertThat(mailCommands(bank))
                    .as("one for each, and one more over a fresh connection")
                    .isEqualTo(6);
        }
    }

    @Test
    void nextAttemptShouldBeginWithAnotherHostThanTheOneThatBrokeOff() throws Exception {
        ReceivingServer first = stage.host(
                "mx1.bank.example", stage.trustedFor("mx1.bank.example").fault(Moment.CONTENT, Fault.CLOSE));
        ReceivingServer second = stage.host("mx2.bank.example", stage.trustedFor("mx2.bank.example"));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
        try (MailetContainer james = stage.james(Map.of("maxRetries", "3", "delayTime", "20"))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(second.awaitMessages(1)).hasSize(1);
            james.awaitIdle();
            assertThat(mailCommands(first)).isEqualTo(1);
            assertThat(james.spooled()).isEmpty();
        }
    }

    private static List<String> arrived(ReceivingServer host) {
        return host.messages().stream()
                .map(ReceivedMessage::recipients)
                .flatMap(List::stream)
                .toList();
    }

    private static long mailCommands(ReceivingServer host) {
        return host.transcripts().stream()
                .flatMap(transcript -> transcript.commands().stream())
                .filter(command -> command.startsWith("MAIL"))
                .count();
    }
}
