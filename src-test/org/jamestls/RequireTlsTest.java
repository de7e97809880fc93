package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.james.Stage.presenting;
import static org.jamestls.james.Stage.worthless;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail whose sender wants TLS on its whole way (RFC 8689), beside what the policy says. */
class RequireTlsTest {

    private static final AttributeName MARK = AttributeName.of("REQUIRETLS");
    private static final Map<String, String> TELLING = Map.of("bounceProcessor", "bounces", "onSuccess", "delivered");

    private static final Map<String, String> POLICIES = Map.of(
            "relaxed",
            "<domain name='bank.example'><certificateValidation>relaxed</certificateValidation></domain>",
            "inherited",
            "<domain name='example'><certificateValidation>relaxed</certificateValidation></domain>",
            "report",
            "<domain name='bank.example'><mode>report</mode></domain>",
            "report relaxed",
            "<domain name='bank.example'><mode>report</mode>"
                    + "<certificateValidation>relaxed</certificateValidation></domain>",
            "excluded",
            "<domain name='example'><excludedSubDomains><subDomain>bank.example</subDomain></excludedSubDomains>"
                    + "</domain>",
            "opportunistic",
            "<otherDomains><tls>opportunistic</tls></otherDomains>",
            "required",
            "<otherDomains><tls>required</tls></otherDomains>",
            "none",
            "<otherDomains><tls>none</tls></otherDomains>",
            "strong",
            "<domain name='bank.example'/>",
            "trusting",
            "<domain name='bank.example'><trustedCommonNames><commonName>mx.hosting.example</commonName>"
                    + "</trustedCommonNames></domain>");

    private final DeliveryLog log = DeliveryLog.record();
    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
    }

    @AfterEach
    void tearDown() {
        stage.close();
        log.close();
    }

    private static MailImpl requiringTls(String sender) throws Exception {
        MailImpl mail = MailetContainer.mail(sender, "a@bank.example");
        mail.setAttribute(new Attribute(MARK, AttributeValue.of(true)));
        return mail;
    }

    private static boolean requiresTls(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, MARK, Boolean.class).orElse(false);
    }

    /** A plus stands for what the mail adds. */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            relaxed,        own+,                    encryption alone is not enough
            inherited,      inherited from example+, nor is that of an ancestor
            report,         own+,                    a report is not enough
            report relaxed, own+,                    nor is one of encryption
            excluded,       other domains (bank.example is excluded by example)+, an exclusion is no policy
            opportunistic,  other domains+,          without a policy
            required,       other domains+,          encryption alone is not enough
            none,           other domains+,          nor is the clear
            strong,         own,                     verified by the policy already
            trusting,       own,                     and so it is with a trusted name
            """)
    void mailShouldLeaveOverVerifiedTlsAlone(String policy, String decidedBy, String why) throws Exception {
        String origin = decidedBy.replace("+", ", strengthened by the mail's REQUIRETLS");
        stage.policy(POLICIES.get(policy));
        ReceivingServer forger =
                stage.host("mx1.bank.example", presenting(worthless()).offering("REQUIRETLS"));
        ReceivingServer genuine = stage.host(
                "mx2.bank.example", stage.trustedFor("mx2.bank.example").offering("REQUIRETLS"));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(requiringTls("sender@sender.example"));

            Mail told = james.awaitSpooled(1).get(0);
            assertThat(told.getState()).as(why).isEqualTo("delivered");
            assertThat(attribute(told, DeliveryAttributes.POLICY)).isEqualTo(origin);
            assertThat(attribute(told, DeliveryAttributes.VALIDATION)).isEqualTo("strong");
            assertThat(forger.messages()).isEmpty();
            assertThat(forger.transcripts())
                    .allSatisfy(transcript ->
                            assertThat(transcript.commands()).noneMatch(command -> command.startsWith("MAIL")));
            assertThat(genuine.messages())
                    .extracting(ReceivedMessage::mailParameters)
                    .containsExactly("REQUIRETLS");
            assertThat(log.about("policy=\"" + origin + "\" validation=strong"))
                    .as("both attempts")
                    .hasSize(2)
                    .anyMatch(line -> line.contains(" verdict=violation violation=certificate-expired "))
                    .anyMatch(line -> line.contains(" verdict=satisfied "));
        }
    }

    @Test
    void parametersThatVerifyAlreadyShouldBeNamedAlone() throws Exception {
        stage.policy(POLICIES.get("none"));
        stage.mx("bank.example", stage.trustedFor("mx.bank.example").offering("REQUIRETLS"));
        try (MailetContainer james =
                stage.james(Map.of("onSuccess", "delivered", "mail.smtp.starttls.required", "true"))) {
            james.send(requiringTls("sender@sender.example"));

            assertThat(attribute(james.awaitSpooled(1).get(0), DeliveryAttributes.POLICY))
                    .isEqualTo("other domains, strengthened by the mailet's parameters");
        }
    }

    @Test
    void trustedCommonNameOfThePolicyShouldRemainProof() throws Exception {
        stage.policy(POLICIES.get("trusting"));
        ReceivingServer bank =
                stage.mx("bank.example", stage.trustedFor("mx.hosting.example").offering("REQUIRETLS"));
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(requiringTls("sender@sender.example"));

            assertThat(bank.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void connectionOfARelaxedDomainShouldNotServeAMailThatWantsMore() throws Exception {
        stage.policy(POLICIES.get("relaxed"));
        ReceivingServer bank = stage.mx("bank.example", presenting(worthless()).offering("REQUIRETLS"));
        try (MailetContainer james = stage.james(
                Map.of("bounceProcessor", "bounces", "onSuccess", "delivered", "connectionIdleTime", "20000"))) {
            james.send("sender@sender.example", "a@bank.example");
            james.awaitSpooled(1);
            james.awaitIdle();
            james.send(requiringTls("sender@sender.example"));

            assertThat(james.awaitSpooled(2)).extracting(Mail::getState).containsExactly("delivered", "bounces");
            assertThat(bank.messages()).hasSize(1);
            assertThat(bank.transcripts()).hasSize(2);
        }
    }

    @Test
    void retryShouldWantTheSame() throws Exception {
        stage.policy(POLICIES.get("relaxed"));
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example")
                        .offering("REQUIRETLS")
                        .reply(SmtpStep.MAIL, "451 4.3.0 not now", "250 2.1.0 ok"));
        try (MailetContainer james =
                stage.james(Map.of("maxRetries", "1", "delayTime", "100", "onSuccess", "delivered"))) {
            james.send(requiringTls("sender@sender.example"));

            Mail told = james.awaitSpooled(1).get(0);
            assertThat(requiresTls(told)).isTrue();
            assertThat(bank.messages())
                    .extracting(ReceivedMessage::mailParameters)
                    .containsExactly("REQUIRETLS");
            assertThat(log.about("validation=strong").filter(line -> line.contains("verdict=satisfied")))
                    .as("both attempts, and not as the relaxed policy has it")
                    .isNotEmpty()
                    .allMatch(line -> line.contains("strengthened by the mail's REQUIRETLS"));
        }
    }

    @Test
    void bounceProcessorShouldGetTheMark() throws Exception {
        stage.policy(POLICIES.get("relaxed"));
        stage.mx("bank.example", presenting(worthless()).offering("REQUIRETLS"));
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(requiringTls("sender@sender.example"));

            assertThat(james.awaitSpooled(1)).singleElement().satisfies(mail -> {
                assertThat(mail.getState()).isEqualTo("bounces");
                assertThat(requiresTls(mail)).isTrue();
            });
        }
    }

    @Test
    void bounceShouldBeMarkedLikewiseAndSayWhatWasAskedFor() throws Exception {
        stage.policy(POLICIES.get("relaxed"));
        stage.mx("bank.example", presenting(worthless()).offering("REQUIRETLS"));
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(requiringTls("sender@sender.example"));

            Mail bounce = james.awaitSpooled(1).get(0);
            assertThat(bounce.getMaybeSender().isNullSender()).isTrue();
            assertThat(requiresTls(bounce)).isTrue();
            assertThat(text(bounce))
                    .contains("Policy: own, strengthened by the mail's REQUIRETLS, strong certificate validation")
                    .contains("Status: 5.7.5")
                    .contains("text/rfc822-headers")
                    .doesNotContain("the body of the mail");
        }
    }

    @Test
    void bounceOfAMailWithoutTheWishShouldNotBeMarked() throws Exception {
        stage.policy(POLICIES.get("strong"));
        stage.mx("bank.example", presenting(worthless()));
        try (MailetContainer james = stage.james(Map.of())) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(requiresTls(james.awaitSpooled(1).get(0))).isFalse();
        }
    }

    @Test
    void bounceForADomainWithoutPolicyShouldSayWhatWasAskedFor() throws Exception {
        stage.policy(POLICIES.get("none"));
        stage.mx("bank.example", presenting(worthless()).offering("REQUIRETLS"));
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(requiringTls("sender@sender.example"));

            assertThat(text(james.awaitSpooled(1).get(0)))
                    .contains("Policy: other domains, strengthened by the mail's REQUIRETLS, strong certificate")
                    .contains("mx.bank.example [127.0.0.2]:" + stage.port() + ": the certificate has expired (5.7.5)");
        }
    }

    /** RFC 8689 §5: a bounce is protected as its mail was, but is not lost for want of REQUIRETLS on its way back. */
    @ParameterizedTest(name = "host offers REQUIRETLS: {0}")
    @ValueSource(booleans = {true, false})
    void markedBounceShouldGoToAnyVerifiedHost(boolean offered) throws Exception {
        stage.policy(POLICIES.get("relaxed"));
        ReceivingServer.Builder host = stage.trustedFor("mx.bank.example");
        ReceivingServer bank = stage.mx("bank.example", offered ? host.offering("REQUIRETLS") : host);
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(requiringTls("<>"));

            assertThat(bank.awaitMessages(1))
                    .extracting(ReceivedMessage::mailParameters)
                    .isEqualTo(List.of(offered ? "REQUIRETLS" : ""));
        }
    }

    @Test
    void markedBounceShouldNotGoToAHostThatProvesNothing() throws Exception {
        stage.policy(POLICIES.get("relaxed"));
        ReceivingServer bank = stage.mx("bank.example", presenting(worthless()));
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(requiringTls("<>"));

            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("bounces");
            assertThat(bank.messages()).isEmpty();
        }
    }

    private static String attribute(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, String.class).orElse("");
    }

    private static String text(Mail mail) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mail.getMessage().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
