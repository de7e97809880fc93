package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.james.Stage.presenting;
import static org.jamestls.james.Stage.worthless;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ReceivingServer.StartTls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which gateway gets our credentials, and what the mail goes over then. */
class GatewayCredentialsTest {

    private static final String GATEWAY = "gw.sender.example";
    private static final String VALIDATION = "gatewayCertificateValidation";
    private static final String PASSWORD = "pa55word";

    private static final Map<String, String> POLICIES = Map.of(
            "opportunistic", "<otherDomains><tls>opportunistic</tls></otherDomains>",
            "required", "<otherDomains><tls>required</tls></otherDomains>",
            "none", "<otherDomains><tls>none</tls></otherDomains>",
            "relaxed", "<domain name='bank.example'><certificateValidation>relaxed</certificateValidation></domain>",
            "strong", "<domain name='bank.example'/>",
            "report", "<domain name='bank.example'><mode>report</mode></domain>");

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

    private ReceivingServer.Builder host(String kind) {
        ReceivingServer.Builder host = switch (kind) {
            case "proven" -> stage.trustedFor(GATEWAY);
            case "worthless" -> presenting(worthless());
            case "no STARTTLS" -> ReceivingServer.builder();
            case "454" -> stage.trustedFor(GATEWAY).startTls(StartTls.REFUSED);
            case "broken off" -> stage.trustedFor(GATEWAY).startTls(StartTls.BROKEN_OFF);
            default -> throw new IllegalArgumentException(kind);
        };
        return host.account("james", PASSWORD).saslName(GATEWAY);
    }

    private static Map<String, String> by(ReceivingServer gateway) {
        return Map.of(
                "gateway", GATEWAY + ":" + gateway.port(), "bounceProcessor", "bounces", "onSuccess", "delivered");
    }

    private static Map<String, String> withCredentials(Map<String, String> parameters, String... more) {
        Map<String, String> all = new HashMap<>(parameters);
        all.put("gatewayUsername", "james");
        all.put("gatewayPassword", PASSWORD);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    /**
     * A cell says what the gateway saw: the mechanism of AUTH, if any, and what it and the mail came over, or {@code -}
     * where the gateway saw neither. A gateway whose offer of STARTTLS is stripped on the way is one without it.
     */
    @ParameterizedTest(name = "{0} at a gateway: {1}")
    @CsvSource(textBlock = """
            # policy,      gateway,     no credentials, credentials, relaxed
            opportunistic, proven,      tls,            PLAIN tls,   PLAIN tls
            opportunistic, worthless,   tls,            -,           PLAIN tls
            opportunistic, no STARTTLS, clear,          -,           CRAM-MD5 clear
            opportunistic, 454,         clear,          -,           CRAM-MD5 clear
            opportunistic, broken off,  clear,          -,           CRAM-MD5 clear
            required,      proven,      tls,            PLAIN tls,   PLAIN tls
            required,      worthless,   tls,            -,           PLAIN tls
            required,      no STARTTLS, -,              -,           -
            required,      454,         -,              -,           -
            required,      broken off,  -,              -,           -
            none,          proven,      clear,          PLAIN tls,   CRAM-MD5 clear
            none,          worthless,   clear,          -,           CRAM-MD5 clear
            none,          no STARTTLS, clear,          -,           CRAM-MD5 clear
            none,          454,         clear,          -,           CRAM-MD5 clear
            none,          broken off,  clear,          -,           CRAM-MD5 clear
            relaxed,       proven,      tls,            PLAIN tls,   PLAIN tls
            relaxed,       worthless,   tls,            -,           PLAIN tls
            relaxed,       no STARTTLS, -,              -,           -
            relaxed,       454,         -,              -,           -
            relaxed,       broken off,  -,              -,           -
            strong,        proven,      tls,            PLAIN tls,   PLAIN tls
            strong,        worthless,   -,              -,           -
            strong,        no STARTTLS, -,              -,           -
            strong,        454,         -,              -,           -
            strong,        broken off,  -,              -,           -
            report,        proven,      tls,            PLAIN tls,   PLAIN tls
            report,        worthless,   tls,            -,           PLAIN tls
            report,        no STARTTLS, clear,          -,           CRAM-MD5 clear
            report,        454,         clear,          -,           CRAM-MD5 clear
            report,        broken off,  clear,          -,           CRAM-MD5 clear
            """)
    void credentialsShouldGoToAGatewayThatProvesWhoItIs(
            String policy, String gateway, String without, String with, String relaxed) throws Exception {
        stage.policy(POLICIES.get(policy));
        stage.dns.address(GATEWAY, InetAddress.getLoopbackAddress());

        assertThat(List.of(
                        seen(gateway, UnaryOperator.identity()),
                        seen(gateway, parameters -> withCredentials(parameters)),
                        seen(gateway, parameters -> withCredentials(parameters, VALIDATION, "strong")),
                        seen(gateway, parameters -> withCredentials(parameters, VALIDATION, "relaxed"))))
                .as("without credentials, with, explicitly strong, relaxed")
                .containsExactly(without, with, with, relaxed);
    }

    /** What a gateway saw of one mail, which is not lost in any case. */
    private String seen(String kind, UnaryOperator<Map<String, String>> parameters) throws Exception {
        try (ReceivingServer gateway = host(kind).start();
                MailetContainer james = stage.james(parameters.apply(by(gateway)))) {
            james.send("sender@sender.example", "a@bank.example");
            String state = james.awaitSpooled(1).get(0).getState();

            List<String> auth = gateway.awaitEnded(1).stream()
                    .flatMap(transcript -> transcript.lines().stream())
                    .filter(line -> line.command().startsWith("AUTH"))
                    .map(line -> line.command().split(" ")[1] + (line.overTls() ? " tls" : " clear"))
                    .toList();
            List<String> mails = gateway.messages().stream()
                    .map(message -> message.overTls() ? "tls" : "clear")
                    .toList();
            assertThat(state).isEqualTo(mails.isEmpty() ? "bounces" : "delivered");
            return !auth.isEmpty() ? String.join(", ", auth) : mails.isEmpty() ? "-" : String.join(", ", mails);
        }
    }

    @Test
    void logAndBounceShouldSayWhyAGatewayIsHeldToMoreThanThePolicy() throws Exception {
        stage.policy(POLICIES.get("opportunistic"));
        ReceivingServer gateway = stage.host(GATEWAY, host("worthless"));
        Map<String, String> telling = withCredentials(by(gateway));
        telling.remove("bounceProcessor");
        try (MailetContainer james = stage.james(telling)) {
            james.send("sender@sender.example", "a@bank.example");

            Mail bounce = james.awaitSpooled(1).get(0);
            assertThat(text(bounce))
                    .contains("This mail may leave this server only over TLS with a certificate that proves")
                    .contains("Policy: other domains, strengthened by the gateway's credentials, strong certificate")
                    .contains(GATEWAY + ": the certificate has expired (5.7.5)")
                    .contains("Status: 5.7.5")
                    .doesNotContain(PASSWORD);
            assertThat(log.about(" via=gateway "))
                    .singleElement()
                    .asString()
                    .contains("policy=\"other domains, strengthened by the gateway's credentials\" validation=strong ")
                    .contains(" verdict=violation violation=certificate-expired code=4.7.5 ");
        }
    }

    @Test
    void reportedPolicyShouldBeEnforcedAtAGatewayWithCredentials() throws Exception {
        stage.policy(POLICIES.get("report"));
        ReceivingServer gateway = stage.host(GATEWAY, host("no STARTTLS"));
        try (MailetContainer james = stage.james(withCredentials(by(gateway)))) {
            james.send("sender@sender.example", "a@bank.example");

            Mail told = james.awaitSpooled(1).get(0);
            assertThat(attribute(told, DeliveryAttributes.POLICY))
                    .isEqualTo("own, strengthened by the gateway's credentials");
            assertThat(attribute(told, DeliveryAttributes.MODE)).isEqualTo("enforce");
            assertThat(attribute(told, DeliveryAttributes.VERDICT)).isEqualTo("violation");
            assertThat(attribute(told, DeliveryAttributes.VIOLATION)).isEqualTo("starttls-not-supported");
            assertThat(james.metrics().countFor("tlsEnforcementWouldHaveBeenRefused"))
                    .isZero();
        }
    }

    @Test
    void nextGatewayShouldGetTheMailWhenTheFirstProvesNothing() throws Exception {
        stage.policy(POLICIES.get("none"));
        ReceivingServer forger = stage.host("gw1.sender.example", host("worthless"));
        ReceivingServer genuine = stage.host(
                "gw2.sender.example", stage.trustedFor("gw2.sender.example").account("james", PASSWORD));
        String both = "gw1.sender.example:" + stage.port() + ", gw2.sender.example:" + stage.port();
        try (MailetContainer james =
                stage.james(withCredentials(by(forger), "gateway", both, "loadBalancing", "false"))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(genuine.awaitMessages(1))
                    .extracting(ReceivedMessage::overTls)
                    .containsExactly(true);
            assertThat(forger.transcripts())
                    .hasSize(1)
                    .allSatisfy(transcript -> assertThat(transcript.commands())
                            .noneMatch(command -> command.startsWith("AUTH") || command.startsWith("MAIL")));
        }
    }

    @Test
    void trustedCommonNameOfThePolicyShouldRemainProof() throws Exception {
        stage.policy("<domain name='bank.example'><trustedCommonNames><commonName>mx.hosting.example</commonName>"
                + "</trustedCommonNames></domain>");
        ReceivingServer gateway =
                stage.host(GATEWAY, stage.trustedFor("mx.hosting.example").account("james", PASSWORD));
        try (MailetContainer james = stage.james(withCredentials(by(gateway)))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(gateway.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void parametersThatAskForLessShouldNotWeakenTheGateway() throws Exception {
        stage.policy(POLICIES.get("opportunistic"));
        ReceivingServer gateway = stage.host(GATEWAY, host("worthless"));
        try (MailetContainer james =
                stage.james(withCredentials(by(gateway), "sslEnable", "true", "verifyServerIdentity", "false"))) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("bounces");
            assertThat(gateway.awaitEnded(1).get(0).commands()).noneMatch(command -> command.startsWith("AUTH"));
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
