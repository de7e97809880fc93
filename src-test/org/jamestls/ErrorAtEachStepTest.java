package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.QueueFaults;
import org.jamestls.james.QueueFaults.Call;
import org.jamestls.james.QueueFaults.Moment;
import org.jamestls.james.QueueKind;
import org.jamestls.james.Stage;
import org.jamestls.james.TripWire;
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
 * An error thrown at each step of an attempt and of its settlement, for each step one mail: whichever it is, each recipient
 * is delivered to once or bounced once, and no thread or mail hangs.
 */
@ParameterizedClass
@EnumSource(QueueKind.class)
class ErrorAtEachStepTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** What comes of a mail, by the local parts of its recipients. */
    private static final List<String> SITUATIONS =
            List.of("good", "never", "later", "good never", "good later", "good later never");

    /** More than a mail has. */
    private static final int MOST_STEPS = 40;

    /** Fewer than a mail has. */
    private static final int FEWEST_STEPS = 6;

    @Parameter
    QueueKind kind;

    private Stage stage;
    private ReceivingServer.Builder host;
    private ReceivingServer bank;
    private MailetContainer james;
    private List<Mail> atTheEnd;
    private final TripWire wire = TripWire.throughTheLog();

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory, kind);
        stage.policy("<domain name='bank.example'/>");
        host = stage.trustedFor("mx.bank.example");
        bank = stage.mx("bank.example", host);
        james = stage.james(Map.of("maxRetries", "5", "delayTime", "20", "onSuccess", "delivered"));
        stage.dns.telling(wire::pass);
        james.metrics().telling(wire::pass);
        tripAt(james.queues().faults(MailetContainer.OUTGOING), "the outgoing queue");
        tripAt(james.queues().faults("spool"), "the spool");
    }

    private void tripAt(QueueFaults queue, String name) {
        for (Call call : Call.values()) {
            queue.fail(call, Moment.BEFORE, Integer.MAX_VALUE, () -> wire.pass(call + " of " + name));
        }
    }

    @AfterEach
    void tearDown() {
        wire.close();
        if (james != null) { // a James without such queues
            james.close();
        }
        stage.close();
    }

    /** A mail whose delivery is tripped at one step. */
    private record Tripped(int situation, int step) {
        String name() {
            return "mail-" + situation + "-" + step;
        }

        String sender() {
            return name() + "@sender.example";
        }

        List<String> localParts() {
            return List.of(SITUATIONS.get(situation).split(" "));
        }

        String recipient(String localPart) {
            return localPart + "-" + situation + "-" + step + "@bank.example";
        }
    }

    @Test
    void everyRecipientShouldGetTheMailOnceOrABounce() throws Exception {
        List<Tripped> mails = new ArrayList<>();
        for (int situation = 0; situation < SITUATIONS.size(); situation++) {
            for (int step = 1; step <= MOST_STEPS; step++) {
                mails.add(new Tripped(situation, step));
            }
        }
        for (Tripped mail : mails) {
            send(mail);
        }
        await().atMost(PATIENCE).until(() -> james.isIdle());

        atTheEnd = james.spooled();
        for (Tripped mail : mails) {
            assertSettledOnce(mail);
        }
        for (int situation = 0; situation < SITUATIONS.size(); situation++) {
            assertThat(wire.trippedAt(new Tripped(situation, FEWEST_STEPS).name()))
                    .isPresent();
            assertThat(wire.trippedAt(new Tripped(situation, MOST_STEPS).name()))
                    .as("so that no step of %s is left out", SITUATIONS.get(situation))
                    .isEmpty();
        }
        assertThat(james.queues().deadLetters()).isEmpty();
    }

    private void send(Tripped mail) throws Exception {
        for (String localPart : mail.localParts()) {
            if (localPart.equals("never")) {
                host.replyToRecipient(mail.recipient(localPart), "550 5.1.1 nobody");
            }
            if (localPart.equals("later")) {
                host.replyToRecipient(mail.recipient(localPart), "451 4.3.0 later", "250 2.1.5 ok");
            }
        }
        Mail sent = MailetContainer.mail(
                mail.sender(), mail.localParts().stream().map(mail::recipient).toArray(String[]::new));
        sent.setName(mail.name());
        wire.arm(mail.name(), mail.step());
        james.send(sent);
    }

    private void assertSettledOnce(Tripped mail) {
        Map<String, Integer> expected = new TreeMap<>();
        mail.localParts().stream()
                .filter(localPart -> !localPart.equals("never"))
                .forEach(localPart -> expected.put(mail.recipient(localPart), 1));
        String where = mail.localParts() + " at " + wire.trippedAt(mail.name()).orElse("no step");
        assertThat(arrivals(mail)).as("copies, tripped at %s", where).isEqualTo(expected);
        assertThat(successes(mail)).as("successes told, tripped at %s", where).isEqualTo(expected);
        assertThat(givenUp(mail))
                .as("given up, tripped at %s", where)
                .hasSize(mail.localParts().contains("never") ? 1 : 0);
    }

    private Map<String, Integer> arrivals(Tripped mail) {
        Map<String, Integer> arrivals = new TreeMap<>();
        for (ReceivedMessage message : bank.messages()) {
            if (message.sender().equals(mail.sender())) {
                message.recipients().forEach(recipient -> arrivals.merge(recipient, 1, Integer::sum));
            }
        }
        return arrivals;
    }

    private Map<String, Integer> successes(Tripped mail) {
        Map<String, Integer> successes = new TreeMap<>();
        spooled(mail)
                .filter(spooled -> spooled.getState().equals("delivered"))
                .forEach(spooled -> spooled.getRecipients()
                        .forEach(recipient -> successes.merge(recipient.asString(), 1, Integer::sum)));
        return successes;
    }

    /** Bounces to the sender, and mails that went to the error processor since no bounce could be written. */
    private List<Mail> givenUp(Tripped mail) {
        return spooled(mail)
                .filter(spooled -> !spooled.getState().equals("delivered"))
                .toList();
    }

    private Stream<Mail> spooled(Tripped mail) {
        return atTheEnd.stream()
                .filter(spooled -> spooled.getMaybeSender().asString().equals(mail.sender())
                        || spooled.getRecipients().stream()
                                .anyMatch(recipient -> recipient.asString().equals(mail.sender())));
    }
}
