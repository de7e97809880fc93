package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.QueueKind;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pattern for James's distributed servers, whose queues ignore delays: no retries of ours, a processor that keeps
 * what failed for the moment in a repository, and James's reprocessing of that repository.
 */
@ParameterizedClass
@EnumSource(QueueKind.class)
class QueueWithoutDelaysTest {

    private static final Map<String, String> PATTERN =
            Map.of("maxRetries", "0", "bounceProcessor", "bounces", "onSuccess", "delivered");

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

    private static Attribute attribute(String name, Object value) {
        return new Attribute(AttributeName.of(name), AttributeValue.ofAny(value));
    }

    @Test
    void temporaryFailureShouldReachTheProcessorAtOnceAndNothingShouldWait() throws Exception {
        stage.mx("bank.example", stage.trustedFor("mx.bank.example").reply(SmtpStep.MAIL, "451 4.3.0 later"));
        try (MailetContainer james = stage.james(PATTERN)) {
            james.send("sender@sender.example", "a@bank.example");

            Mail failed = james.awaitSpooled(1).get(0);
            james.awaitIdle();
            assertThat(failed.getState()).isEqualTo("bounces");
            assertThat(failed.attributes())
                    .contains(
                            attribute("is-delivery-permanent-error", false),
                            attribute("delivery-error-code", 451),
                            attribute("delivery_retry_count", 0),
                            attribute("tls-enforcement.status", "4.3.0"));
            assertThat(james.waiting()).isEmpty();
        }
    }

    @Test
    void mailWithoutSenderShouldReachTheProcessorToo() throws Exception {
        stage.mx("bank.example", stage.trustedFor("mx.bank.example").reply(SmtpStep.MAIL, "451 4.3.0 later"));
        try (MailetContainer james = stage.james(PATTERN)) {
            james.send("<>", "a@bank.example");

            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("bounces");
        }
    }

    @Test
    void violationShouldReachTheProcessorAsATemporaryFailure() throws Exception {
        stage.mx("bank.example", ReceivingServer.builder());
        try (MailetContainer james = stage.james(PATTERN)) {
            james.send("sender@sender.example", "a@bank.example");

            Mail failed = james.awaitSpooled(1).get(0);
            assertThat(failed.attributes())
                    .contains(
                            attribute("is-delivery-permanent-error", false),
                            attribute("tls-enforcement.violation", "starttls-not-supported"));
            assertThat(james.waiting()).isEmpty();
        }
    }

    @Test
    void reprocessedMailShouldBeDeliveredOnceTheHostIsBack() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example")
                        .reply(SmtpStep.MAIL, "451 4.3.0 later", "451 4.3.0 later", "250 2.1.0 ok"));
        try (MailetContainer james = stage.james(PATTERN)) {
            james.send("sender@sender.example", "a@bank.example", "b@bank.example");
            james.send(reprocessed(james.awaitSpooled(1).get(0)));
            Mail failedAgain = james.awaitSpooled(2).get(1);
            assertThat(failedAgain.attributes()).contains(attribute("delivery_retry_count", 0));
            james.send(reprocessed(failedAgain));

            assertThat(bank.awaitMessages(1))
                    .extracting(ReceivedMessage::recipients)
                    .containsExactly(List.of("a@bank.example", "b@bank.example"));
            assertThat(james.awaitSpooled(3).get(2).getState()).isEqualTo("delivered");
            assertThat(bank.messages()).hasSize(1);
        }
    }

    /** As James's reprocessing hands a mail of a repository to the processor {@code transport}. */
    private static Mail reprocessed(Mail kept) throws Exception {
        Mail mail = kept.duplicate();
        mail.setState("transport");
        return mail;
    }
}
