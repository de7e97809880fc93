package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.QueueKind;
import org.jamestls.james.Stage;
import org.jamestls.testing.Fault;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The mailet's end while mails are under way. */
@ParameterizedClass
@EnumSource(QueueKind.class)
class ShutdownTest {

    @Parameter
    QueueKind queues;

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory, queues);
        stage.policy("<domain name='bank.example'/>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    @Test
    void stopShouldBeSilent() throws Exception {
        try (DeliveryLog log = DeliveryLog.record()) {
            ReceivingServer server = stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
            MailetContainer james = stage.james(Map.of());
            james.send("sender@sender.example", "a@bank.example");
            server.awaitMessages(1);
            james.awaitIdle();

            james.close();

            assertThat(log.about("")).allSatisfy(line -> assertThat(line).startsWith("INFO "));
        }
    }

    @Test
    void recipientThatGotTheMailShouldNotGoBackToTheQueueWithTheOthers() throws Exception {
        ReceivingServer first = stage.host(
                "mx1.bank.example",
                stage.trustedFor("mx1.bank.example").replyToRecipient("b@bank.example", "451 4.7.1 later"));
        for (String silent : new String[] {"mx2.bank.example", "mx3.bank.example", "mx4.bank.example"}) {
            stage.host(silent, stage.trustedFor(silent).fault(Moment.GREETING, Fault.SILENCE));
        }
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example", "mx3.bank.example", "mx4.bank.example");
        MailetContainer james = stage.james(Map.of("timeout", "1000"));
        james.send("sender@sender.example", "a@bank.example", "b@bank.example");
        first.awaitMessages(1);

        assertThat(james.waiting()).isEmpty();
        james.close();

        assertThat(james.waiting())
                .flatExtracting(Mail::getRecipients)
                .containsExactly(new MailAddress("b@bank.example"));
        assertThat(james.waiting())
                .allSatisfy(mail -> assertThat(mail.getAttribute(DeliveryAttributes.RETRIES))
                        .as("the end of the server is no attempt")
                        .isEmpty());
        assertThat(james.spooled()).as("no bounce").isEmpty();
    }
}
