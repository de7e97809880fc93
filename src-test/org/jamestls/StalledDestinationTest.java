package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.QueueKind;
import org.jamestls.james.Stage;
import org.jamestls.testing.Fault;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mails to a host that does not answer, more of them than the window holds: they leave room for a mail elsewhere, and where it
 * does not even greet, they leave it alone but for one connection.
 */
class StalledDestinationTest {

    private static final int WINDOW = 20;

    @ParameterizedTest
    @EnumSource(QueueKind.class)
    void mailElsewhereShouldNotWaitForAHostThatDoesNotAnswer(QueueKind kind, @TempDir Path directory) throws Exception {
        try (Stage stage = new Stage(directory, kind)) {
            stage.policy("<domain name='silent.example'/><domain name='bank.example'/>");
            stage.mx("silent.example", stage.trustedFor("mx.silent.example").fault(Moment.RCPT, Fault.SILENCE));
            ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
            try (MailetContainer james = stage.james(Map.of(
                    "queueWindow", String.valueOf(WINDOW),
                    "maxConnectionsPerHost", "2",
                    "timeout", "600000"))) {
                for (int i = 0; i < 3 * WINDOW; i++) {
                    james.send("sender@sender.example", "a" + i + "@silent.example");
                }
                james.send("sender@sender.example", "a@bank.example");

                assertThat(bank.awaitMessages(1)).hasSize(1);
                assertThat(james.queues().size(MailetContainer.OUTGOING)).isGreaterThanOrEqualTo(3 * WINDOW);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(QueueKind.class)
    void oneConnectionShouldWaitForAHostThatDoesNotGreet(QueueKind kind, @TempDir Path directory) throws Exception {
        try (Stage stage = new Stage(directory, kind)) {
            stage.policy("<domain name='silent.example'/><domain name='bank.example'/>");
            ReceivingServer silent = stage.mx(
                    "silent.example", stage.trustedFor("mx.silent.example").fault(Moment.GREETING, Fault.SILENCE));
            ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
            try (MailetContainer james = stage.james(Map.of(
                    "queueWindow", String.valueOf(WINDOW),
                    "maxConnectionsPerHost", "5",
                    "greetingTimeout", "1 hour",
                    "timeout", "7200000"))) {
                for (int i = 0; i < 3 * WINDOW; i++) {
                    james.send("sender@sender.example", "a" + i + "@silent.example");
                }
                james.send("sender@sender.example", "a@bank.example");

                assertThat(bank.awaitMessages(1)).hasSize(1);
                assertThat(silent.transcripts()).hasSize(1);
            }
        }
    }
}
