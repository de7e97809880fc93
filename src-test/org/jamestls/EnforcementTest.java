package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
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
        try (Stage stage = new Stage(directory)) {
            testCase.stage().accept(stage);
            stage.policy(testCase.policy().apply(stage));
            try (MailetContainer james = stage.james(Map.of("bounceProcessor", "bounces", "onSuccess", "delivered"))) {
                james.send("sender@sender.example", testCase.recipient());

                Mail told = james.awaitSpooled(1).get(0);
                james.awaitIdle();
                assertThat(james.spooled()).as("James is told once").hasSize(1);
                testCase.expected()
                        .violation()
                        .ifPresentOrElse(
                                violation -> nothingArrives(stage, told, violation),
                                () -> arrivesOnce(stage, told, testCase.expected()));
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
        assertThat(stage.transcripts())
                .isNotEmpty()
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
                .isEqualTo(expected.overTls() ? java.util.Optional.of("TLSv1.3") : java.util.Optional.empty());
    }

    private static String text(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, String.class)
                .orElseThrow(() -> new AssertionError(name + " is missing"));
    }
}
