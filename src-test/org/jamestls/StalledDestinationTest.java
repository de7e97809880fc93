package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
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
            stalledAt(Moment.RCPT, stage);

            mailElsewhereShouldArrive(stage, Map.of("maxConnectionsPerHost", "2", "timeout", "600000"));
        }
    }

    @ParameterizedTest
    @EnumSource(QueueKind.class)
    void oneConnectionShouldWaitForAHostThatDoesNotGreet(QueueKind kind, @TempDir Path directory) throws Exception {
        try (Stage stage = new Stage(directory, kind)) {
            ReceivingServer silent = stalledAt(Moment.GREETING, stage);

            mailElsewhereShouldArrive(
                    stage, Map.of("maxConnectionsPerHost", "5", "greetingTimeout", "1 hour", "timeout", "7200000"));

            assertThat(silent.transcripts()).hasSize(1);
        }
    }

    private static ReceivingServer stalledAt(Moment moment, Stage stage) throws Exception {
        stage.policy("<domain name='silent.example'/><domain name='bank.example'/>");
        return stage.mx("silent.example", stage.trustedFor("mx.silent.example").fault(moment, Fault.SILENCE));
    }

    private static void mailElsewhereShouldArrive(Stage stage, Map<String, String> parameters) throws Exception {
        ReceivingServer bank = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        Map<String, String> all = new HashMap<>(parameters);
        all.put("queueWindow", String.valueOf(WINDOW));
        try (MailetContainer james = stage.james(all)) {
            for (int i = 0; i < 3 * WINDOW; i++) {
                james.send("sender@sender.example", "a" + i + "@silent.example");
            }
            james.send("sender@sender.example", "a@bank.example");

            assertThat(bank.awaitMessages(1)).hasSize(1);
            assertThat(james.queues().size(MailetContainer.OUTGOING)).isGreaterThanOrEqualTo(3 * WINDOW);
        }
    }
}
