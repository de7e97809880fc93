package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.QueueFaults;
import org.jamestls.james.QueueFaults.Call;
import org.jamestls.james.QueueFaults.Moment;
import org.jamestls.james.QueueKind;
import org.jamestls.james.Stage;
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
 * What came of an attempt while the outgoing queue, or James's spool, takes nothing: it is settled when they do again,
 * and nothing is attempted a second time meanwhile.
 */
@ParameterizedClass
@EnumSource(QueueKind.class)
class SettlementTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LATER = "451 4.3.0 later";
    private static final String NEVER = "550 5.1.1 nobody";
    private static final String OK = "250 2.1.5 ok";

    /** Refusals of a queue after which one may say that it is not asked in a loop, and nothing is sent again. */
    private static final int SEVERAL = 2;

    @Parameter
    QueueKind kind;

    private Stage stage;
    private ReceivingServer bank;
    private MailetContainer james;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory, kind);
        stage.policy("<domain name='bank.example'/>");
        bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example")
                        .replyToRecipient("later@bank.example", LATER, OK)
                        .replyToRecipient("never@bank.example", NEVER));
        start(Map.of());
    }

    private void start(Map<String, String> parameters) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("maxRetries", "3", "delayTime", "50", "onSuccess", "delivered"));
        all.putAll(parameters);
        james = stage.james(all);
    }

    @AfterEach
    void tearDown() {
        if (james != null) { // a James without such queues
            james.close();
        }
        stage.close();
    }

    private QueueFaults queue() {
        return james.queues().faults(MailetContainer.OUTGOING);
    }

    private QueueFaults spool() {
        return james.queues().faults("spool");
    }

    private void send(String... localParts) throws Exception {
        String[] recipients = new String[localParts.length];
        for (int i = 0; i < localParts.length; i++) {
            recipients[i] = localParts[i] + "@bank.example";
        }
        james.send("sender@sender.example", recipients);
    }

    private static void waitUntil(Callable<Boolean> condition) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }

    /** How often the host was asked to take a mail. */
    private long attempts() {
        return bank.transcripts().stream()
                .flatMap(transcript -> transcript.commands().stream())
                .filter(command -> command.startsWith("MAIL"))
                .count();
    }

    /** How often each recipient got the mail. */
    private Map<String, Integer> arrivals() {
        Map<String, Integer> arrivals = new TreeMap<>();
        for (ReceivedMessage message : bank.messages()) {
            for (String recipient : message.recipients()) {
                arrivals.merge(recipient.substring(0, recipient.indexOf('@')), 1, Integer::sum);
            }
        }
        return arrivals;
    }

    private List<String> spooledStates() {
        return james.spooled().stream().map(Mail::getState).sorted().toList();
    }

    private void assertNothingIsLeft() {
        james.awaitIdle();
        assertThat(james.queues().deadLetters()).isEmpty();
    }

    @Test
    void mailToBeRetriedShouldWaitForTheQueueAndNotBeAttemptedMeanwhile() throws Exception {
        queue().takeNothingAfter(1);
        send("later");
        waitUntil(() -> queue().failures(Call.ENQUEUE) >= SEVERAL || attempts() > 1);
        long attemptsMeanwhile = attempts();

        queue().recover();

        assertThat(attemptsMeanwhile).isEqualTo(1);
        bank.awaitMessages(1);
        assertNothingIsLeft();
        assertThat(attempts()).isEqualTo(2);
        assertThat(arrivals()).isEqualTo(Map.of("later", 1));
    }

    @Test
    void bounceShouldWaitForTheSpool() throws Exception {
        spool().takeNothing();
        send("never");
        waitUntil(() -> spool().failures(Call.ENQUEUE) >= SEVERAL || attempts() > 1);
        assertThat(attempts()).isEqualTo(1);

        spool().recover();

        james.awaitSpooled(1);
        assertNothingIsLeft();
        assertThat(attempts()).isEqualTo(1);
        assertThat(james.spooled()).singleElement().satisfies(bounce -> {
            assertThat(bounce.getMaybeSender().isNullSender()).isTrue();
            assertThat(bounce.getRecipients()).containsExactly(new MailAddress("sender@sender.example"));
        });
    }

    @Test
    void deliveredRecipientShouldNotGetTheMailAgainWhileTheOtherWaitsForItsBounce() throws Exception {
        spool().takeNothing();
        send("good", "never");
        waitUntil(() -> spool().failures(Call.ENQUEUE) >= SEVERAL || attempts() > 1);

        spool().recover();

        james.awaitSpooled(2);
        assertNothingIsLeft();
        assertThat(arrivals()).isEqualTo(Map.of("good", 1));
        assertThat(spooledStates()).as("onSuccess and a bounce").containsExactly("delivered", "root");
    }

    @Test
    void deliveredRecipientShouldNotGetTheMailAgainWhileTheOtherWaitsForTheQueue() throws Exception {
        queue().takeNothingAfter(1);
        send("good", "later");
        waitUntil(() -> queue().failures(Call.ENQUEUE) >= SEVERAL || attempts() > 1);

        queue().recover();

        james.awaitSpooled(2);
        assertNothingIsLeft();
        assertThat(arrivals()).isEqualTo(Map.of("good", 1, "later", 1));
        assertThat(spooledStates()).containsExactly("delivered", "delivered");
    }

    @Test
    void successShouldBeToldOnceTheSpoolTakesIt() throws Exception {
        spool().takeNothing(SEVERAL);
        send("good");

        james.awaitSpooled(1);
        assertNothingIsLeft();
        assertThat(arrivals()).isEqualTo(Map.of("good", 1));
        assertThat(spooledStates()).containsExactly("delivered");
    }

    @Test
    void queueThatDoesNotTakeTheWordForASettledItemShouldBeToldAgain() throws Exception {
        queue().fail(Call.DONE, Moment.BEFORE, 2, QueueFaults::diskFull);
        send("good");

        james.awaitSpooled(1);
        assertNothingIsLeft();
        assertThat(queue().calls(Call.DONE)).isEqualTo(3);
        assertThat(arrivals()).isEqualTo(Map.of("good", 1));
    }

    @Test
    void mailToSeveralDomainsShouldBeSettledPartByPart() throws Exception {
        ReceivingServer other = stage.mx("other.example", stage.trustedFor("mx.other.example"));
        spool().takeNothing();
        james.enqueue("sender@sender.example", "never@bank.example", "good@other.example");
        waitUntil(() -> spool().failures(Call.ENQUEUE) >= SEVERAL || attempts() > 1);
        assertThat(attempts()).isEqualTo(1);

        spool().recover();

        james.awaitSpooled(2);
        assertNothingIsLeft();
        assertThat(other.messages()).hasSize(1);
        assertThat(spooledStates()).containsExactly("delivered", "root");
    }

    @Test
    void stopWhileTheQueueTakesNothingShouldLoseNothing() throws Exception {
        queue().takeNothingAfter(1);
        send("later");
        waitUntil(() -> queue().failures(Call.ENQUEUE) >= SEVERAL);

        assertThat(james.waiting()).isEmpty(); // and the memory queue is held, which else ends with the mailet
        james.close();
        james.queues().reopen();
        queue().recover();
        james = stage.james(james.queues(), Map.of("maxRetries", "3", "delayTime", "50"));

        bank.awaitMessages(1);
        assertNothingIsLeft();
        assertThat(arrivals()).isEqualTo(Map.of("later", 1));
    }
}
