package org.jamestls.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.EnforcementCase;
import org.jamestls.james.EnforcementCases;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.policy.Violation;
import org.jamestls.testing.Transcript;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In every situation explain and probe say what a delivery in it does. */
class AgreementTest {

    static Stream<EnforcementCase> cases() {
        return EnforcementCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void explainAndProbeShouldSayWhatDeliveryDoes(EnforcementCase testCase, @TempDir Path directory) throws Exception {
        try (Stage stage = new Stage(directory);
                NameServer dns = new NameServer(stage.dns)) {
            testCase.stage().accept(stage);
            stage.policy(testCase.policy().apply(stage));
            Mail delivered = delivered(stage, testCase.recipient());
            int arrived = stage.arrived();
            Path policy = directory.resolve("conf/tls-enforcement.xml");

            JsonNode explained = Run.of("explain", "--json", "--policy", policy, testCase.recipient())
                    .json()
                    .get(0);
            Run run = Run.of(
                    "probe",
                    "--json",
                    "--policy",
                    policy,
                    "--trusted-roots",
                    directory.resolve("conf/roots.pem"),
                    "--dns",
                    dns.address(),
                    "--smtp-port",
                    stage.port(),
                    "--helo",
                    "probe.example",
                    testCase.recipient());
            JsonNode probed = run.json().get(0);

            assertThat(Optional.ofNullable(explained.get("mode").textValue()))
                    .isEqualTo(text(delivered, DeliveryAttributes.MODE))
                    .isEqualTo(Optional.ofNullable(probed.get("mode").textValue()));
            sameDecision(delivered, explained);
            sameDecision(delivered, probed);
            sameVerdict(delivered, probed);
            assertThat(run.exitCode()).isEqualTo(probed.get("delivered").asBoolean() ? 0 : 1);
            assertThat(stage.arrived()).as("probe sends no mail").isEqualTo(arrived);
            assertThat(stage.transcripts())
                    .filteredOn(AgreementTest::ofTheProbe)
                    .hasSizeGreaterThanOrEqualTo(
                            testCase.expected().violation().stream().anyMatch(Violation.MAIL_HOST_NOT_ALLOWED::equals)
                                    ? 0
                                    : 1)
                    .allSatisfy(transcript -> assertThat(transcript.commands())
                            .noneMatch(command -> command.startsWith("MAIL") || command.startsWith("AUTH")));
        }
    }

    private static Mail delivered(Stage stage, String recipient) throws Exception {
        try (MailetContainer james = stage.james(Map.of("bounceProcessor", "bounces", "onSuccess", "delivered"))) {
            james.send("sender@sender.example", recipient);
            Mail told = james.awaitSpooled(1).get(0);
            james.awaitIdle();
            return told;
        }
    }

    private static boolean ofTheProbe(Transcript transcript) {
        return transcript.commands().contains("EHLO probe.example");
    }

    private static void sameDecision(Mail delivered, JsonNode told) {
        assertThat(told.get("domain").asText())
                .isEqualTo(text(delivered, DeliveryAttributes.DOMAIN).orElseThrow());
        String origin = text(delivered, DeliveryAttributes.POLICY).orElseThrow();
        String entry = told.get("entry").asText();
        assertThat(origin)
                .isEqualTo(
                        switch (told.get("decidedBy").asText()) {
                            case "own" -> "own";
                            case "inherited" -> "inherited from " + entry;
                            case "excluded" -> "other domains (lists.bank.example is excluded by " + entry + ")";
                            default -> "other domains";
                        });
        assertThat(told.get("enforced").asBoolean())
                .isEqualTo(!origin.startsWith("other domains")
                        && !told.get("mode").asText().equals("report"));
    }

    private static void sameVerdict(Mail delivered, JsonNode probed) {
        List<JsonNode> hosts =
                StreamSupport.stream(probed.get("hosts").spliterator(), false).toList();
        boolean arrived = delivered.getState().equals("delivered");
        boolean reported = text(delivered, DeliveryAttributes.VERDICT)
                .filter("reported"::equals)
                .isPresent();
        assertThat(probed.get("delivered").asBoolean()).isEqualTo(arrived);
        JsonNode decisive = arrived
                ? hosts.stream()
                        .filter(host -> host.get("usable").asBoolean())
                        .findFirst()
                        .orElseThrow()
                : hosts.get(hosts.size() - 1);
        assertThat(decisive.get("satisfied").asBoolean()).isEqualTo(arrived && !reported);
        assertThat(text(delivered, DeliveryAttributes.MAIL_HOST))
                .hasValue(decisive.get("host").asText());
        same(delivered, DeliveryAttributes.ADDRESS, decisive.get("address"));
        same(delivered, DeliveryAttributes.VIOLATION, decisive.get("violation"));
        same(delivered, DeliveryAttributes.PROTOCOL, decisive.get("protocol"));
        same(delivered, DeliveryAttributes.CIPHER_SUITE, decisive.get("cipherSuite"));
        same(delivered, DeliveryAttributes.KEY_EXCHANGE, decisive.get("keyExchange"));
        if (!arrived) {
            same(delivered, DeliveryAttributes.STATUS, decisive.get("code"));
            assertThat(probed.get("hosts"))
                    .allSatisfy(
                            host -> assertThat(host.get("expected").asText()).isNotBlank());
        }
        if (!arrived || reported) {
            same(delivered, DeliveryAttributes.PRESENTED, decisive.get("presented"));
        }
    }

    private static void same(Mail delivered, AttributeName attribute, JsonNode told) {
        assertThat(Optional.ofNullable(told.textValue())).isEqualTo(text(delivered, attribute));
    }

    private static Optional<String> text(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, String.class);
    }
}
