package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that take only so many recipients in one transaction (RFC 5321 §4.5.3.1.10). */
class TooManyRecipientsTest {

    private static final int RECIPIENTS = 45;
    private static final int TAKEN_AT_ONCE = 10;

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

    private static String[] recipients() {
        return IntStream.range(0, RECIPIENTS)
                .mapToObj(i -> "r" + i + "@bank.example")
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "452 4.5.3 too many recipients",
                "452 too many recipients",
                "552 5.5.3 too many recipients",
                "552 too many recipients"
            })
    void allShouldGetTheMailInOneAttempt(String refusal) throws Exception {
        for (String offered : List.of("PIPELINING", "SIZE")) {
            String name = offered.toLowerCase(Locale.ROOT) + ".bank.example";
            ReceivingServer bank = stage.mx(
                    name, stage.trustedFor("mx." + name).offering(offered).mostRecipients(TAKEN_AT_ONCE, refusal));
            try (MailetContainer james = stage.james(Map.of("maxRetries", "2", "delayTime", "6 hours"))) {
                james.send(
                        "sender@sender.example",
                        IntStream.range(0, RECIPIENTS)
                                .mapToObj(i -> "r" + i + "@" + name)
                                .toArray(String[]::new));
                bank.awaitMessages(5);
                james.awaitIdle();

                assertThat(arrived(bank)).doesNotHaveDuplicates().hasSize(RECIPIENTS);
                assertThat(bank.messages()).hasSize(5);
                assertThat(james.spooled()).isEmpty();
            }
        }
        assertThat(log.about("is tried again in")).isEmpty();
    }

    private static List<String> arrived(ReceivingServer host) {
        return host.messages().stream()
                .map(ReceivedMessage::recipients)
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void hostThatTakesNobodyShouldNotBeAskedInALoop() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example", stage.trustedFor("mx.bank.example").mostRecipients(0, "452 4.5.3 too many recipients"));
        try (MailetContainer james = stage.james(Map.of("maxRetries", "0"))) {
            james.send("sender@sender.example", recipients());

            james.awaitSpooled(1);
            james.awaitIdle();
            assertThat(bank.messages()).isEmpty();
            assertThat(mailCommands(bank)).isEqualTo(1);
        }
    }

    private static long mailCommands(ReceivingServer host) {
        return host.transcripts().stream()
                .flatMap(transcript -> transcript.commands().stream())
                .filter(command -> command.startsWith("MAIL"))
                .count();
    }

    @Test
    void othersWhoWereRefusedForNowShouldWaitForTheNextAttempt() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example")
                        .mostRecipients(TAKEN_AT_ONCE, "452 4.5.3 too many recipients")
                        .replyToRecipient("r0@bank.example", "450 4.2.1 busy", "250 2.1.5 ok"));
        try (MailetContainer james = stage.james(Map.of("maxRetries", "2", "delayTime", "20"))) {
            james.send("sender@sender.example", recipients());

            List<ReceivedMessage> messages = new ArrayList<>(bank.awaitMessages(6));
            james.awaitIdle();
            Set<String> last =
                    new HashSet<>(messages.remove(messages.size() - 1).recipients());
            assertThat(last).containsExactly("r0@bank.example");
            assertThat(arrived(bank)).doesNotHaveDuplicates().hasSize(RECIPIENTS);
        }
    }
}
