package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.EnforcementCase;
import org.jamestls.james.EnforcementCases;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.policy.Violation;
import org.jamestls.testing.ReceivedMessage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each situation in which a connection does or does not satisfy a policy, from James's processor to the mail host. */
class EnforcementTest {

    static Stream<EnforcementCase> cases() {
        return EnforcementCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void mailShouldLeaveOnlyAsThePolicyAllows(EnforcementCase testCase, @TempDir Path directory) throws Exception {
        try (Stage stage = new Stage(directory);
                DeliveryLog log = DeliveryLog.record()) {
            testCase.stage().accept(stage);
            stage.policy(testCase.policy().apply(stage));
            try (MailetContainer james = stage.james(Map.of("bounceProcessor", "bounces", "onSuccess", "delivered"))) {
                james.send("sender@sender.example", testCase.recipient());

                Mail told = james.awaitSpooled(1).get(0);
                james.awaitIdle();
                assertThat(james.spooled()).as("James is told once").hasSize(1);
                EnforcementCase.Expected expected = testCase.expected();
                if (expected.host().isEmpty()) {
                    nothingArrives(stage, told, expected.violation().orElseThrow());
                } else {
                    arrivesOnce(stage, told, expected);
                }
                reportedOnce(james, log, told, expected);
            }
        }
    }

    private static void nothingArrives(Stage stage, Mail told, Violation violation) {
        assertThat(told.getState()).isEqualTo("bounces");
        assertThat(text(told, DeliveryAttributes.VERDICT)).isEqualTo("violation");
        assertThat(text(told, DeliveryAttributes.VIOLATION)).isEqualTo(violation.label());
        assertThat(text(told, DeliveryAttributes.STATUS)).isEqualTo(violation.temporaryCode());
        assertThat(text(told, DeliveryAttributes.ERROR)).contains(violation.description());
        assertThat(text(told, DeliveryAttributes.EXPECTED)).isNotBlank();
        assertThat(text(told, DeliveryAttributes.PRESENTED)).isNotBlank();
        assertThat(stage.arrived()).isZero();
        assertThat(stage.transcripts().isEmpty())
                .as("no connection")
                .isEqualTo(violation == Violation.MAIL_HOST_NOT_ALLOWED);
        assertThat(stage.transcripts())
                .allSatisfy(transcript -> assertThat(transcript.commands()).noneMatch(EnforcementTest::ofATransaction));
    }

    private static boolean ofATransaction(String command) {
        return Stream.of("MAIL", "RCPT", "DATA", "BDAT", "AUTH").anyMatch(command.toUpperCase()::startsWith);
    }

    private static void arrivesOnce(Stage stage, Mail told, EnforcementCase.Expected expected) {
        List<ReceivedMessage> messages =
                stage.server(expected.host().orElseThrow()).messages();
        assertThat(told.getState()).isEqualTo("delivered");
        assertThat(messages).hasSize(1);
        assertThat(stage.arrived()).isEqualTo(1);
        assertThat(messages.get(0).overTls()).isEqualTo(expected.overTls());
        assertThat(messages.get(0).text()).contains("the body of the mail");
        assertThat(AttributeUtils.getValueAndCastFromMail(told, DeliveryAttributes.PROTOCOL, String.class))
                .isEqualTo(expected.overTls() ? Optional.of("TLSv1.3") : Optional.empty());
    }

    /** What would have been refused is on the mail, in the log and counted; nothing else is. */
    private static void reportedOnce(
            MailetContainer james, DeliveryLog log, Mail told, EnforcementCase.Expected expected) {
        Optional<Violation> reported = expected.host().flatMap(host -> expected.violation());
        assertThat(log.about(" verdict=reported ").filter(line -> line.contains("mail=" + told.getName() + " ")))
                .as("log")
                .hasSize(reported.isPresent() ? 1 : 0)
                .allSatisfy(line -> assertThat(line)
                        .contains(" verdict=reported violation="
                                + reported.orElseThrow().label() + " code="
                                + reported.orElseThrow().temporaryCode() + " reason=\""));
        String metric = "tlsEnforcementWouldHaveBeenRefused";
        assertThat(james.metrics().countFor(metric)).isEqualTo(reported.isPresent() ? 1 : 0);
        if (reported.isPresent()) {
            assertThat(james.metrics().countFor(metric + ":" + reported.get().label()))
                    .isEqualTo(1);
            assertThat(text(told, DeliveryAttributes.VERDICT)).isEqualTo("reported");
            assertThat(text(told, DeliveryAttributes.MODE)).isEqualTo("report");
            assertThat(text(told, DeliveryAttributes.VIOLATION))
                    .isEqualTo(reported.get().label());
            assertThat(text(told, DeliveryAttributes.EXPECTED)).isNotBlank();
            assertThat(text(told, DeliveryAttributes.PRESENTED)).isNotBlank();
        }
    }

    private static String text(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, String.class)
                .orElseThrow(() -> new AssertionError(name + " is missing"));
    }
}
