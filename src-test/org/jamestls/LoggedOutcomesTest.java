package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.mailet.Mail;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the log says of a mail's way, also with James's own logging configuration, where WARN is what is logged. */
class LoggedOutcomesTest {

    /** What README's installation adds to James's {@code logback.xml}. */
    private static final String LOGGER_LINE = "<logger name=\"org.jamestls\" level=\"INFO\"/>";

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy("<domain name='bank.example'/>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    @Test
    void replyOfTheHostShouldBeInTheLineOfTheRetry() throws Exception {
        stage.mx("other.example", ReceivingServer.builder().reply(SmtpStep.RCPT, "450 4.2.0 greylisted"));
        try (DeliveryLog log = DeliveryLog.record();
                MailetContainer james = stage.james(Map.of("maxRetries", "1", "delayTime", "1 hour"))) {
            james.send("sender@sender.example", "a@other.example");
            james.awaitPostponed();

            assertThat(log.about("is tried again in PT1H for [a@other.example]"))
                    .singleElement()
                    .asString()
                    .startsWith("INFO ")
                    .contains("450 4.2.0 greylisted");
        }
    }

    @Test
    void hostAndItsReplyShouldBeInTheLineOfTheDelivery() throws Exception {
        ReceivingServer server = stage.mx(
                "other.example", ReceivingServer.builder().reply(SmtpStep.CONTENT, "250 2.0.0 queued as 4711"));
        try (DeliveryLog log = DeliveryLog.record();
                MailetContainer james = stage.james(Map.of("onSuccess", "delivered"))) {
            james.send("sender@sender.example", "a@other.example", "b@other.example");
            james.awaitSpooled(1);

            assertThat(log.about("is delivered to [a@other.example, b@other.example], taken by mx.other.example["
                            + server.address().getHostAddress() + "]:" + stage.port()))
                    .singleElement()
                    .asString()
                    .contains("reply=\"250 2.0.0 queued as 4711\"");
        }
    }

    static Stream<Arguments> verdicts() {
        return Stream.of(
                Arguments.of("", "not-enforced", "nothing is asked for an unlisted domain"),
                Arguments.of("<otherDomains><tls>none</tls></otherDomains>", "not-enforced", "not even STARTTLS"),
                Arguments.of("<otherDomains><tls>required</tls></otherDomains>", "satisfied", "TLS is asked for"),
                Arguments.of("<domain name='other.example'/>", "satisfied", "a policy"),
                Arguments.of(
                        "<domain name='other.example'><mode>report</mode></domain>",
                        "satisfied",
                        "a policy that is only reported"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("verdicts")
    void verdictShouldSayWhetherAnythingWasAskedFor(String policy, String verdict, String why) throws Exception {
        stage.policy(policy);
        stage.mx("other.example", stage.trustedFor("mx.other.example"));
        try (DeliveryLog log = DeliveryLog.record();
                MailetContainer james = stage.james(Map.of("onSuccess", "delivered"))) {
            james.send("sender@sender.example", "a@other.example");
            james.awaitSpooled(1);

            assertThat(log.about(" verdict=")).singleElement().asString().contains(" verdict=" + verdict + " ");
        }
    }

    @Test
    void firstViolationOfAMailAndItsEndShouldBeWarnings() throws Exception {
        stage.policy("<domain name='bank.example'/>");
        stage.host("mx1.bank.example", Stage.presenting(Stage.worthless()));
        stage.host("mx2.bank.example", Stage.presenting(Stage.worthless()));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
        try (DeliveryLog log = DeliveryLog.recordFrom(Level.WARN);
                MailetContainer james = stage.james(Map.of("maxRetries", "2", "delayTime", "20"))) {
            Mail sent = james.send("sender@sender.example", "a@bank.example");
            james.awaitSpooled(1);

            assertThat(log.about("mail=" + sent.getName() + "-to-bank.example "))
                    .as("once in six attempts")
                    .singleElement()
                    .asString()
                    .startsWith("WARN ")
                    .contains(" host=mx1.bank.example ", " verdict=violation violation=certificate-expired ");
            assertThat(log.about("is given up for [a@bank.example]")).hasSize(1);
        }
    }

    @Test
    void startShouldWarnWhereInfoIsOff() throws Exception {
        try (DeliveryLog log = DeliveryLog.recordFrom(Level.WARN)) {
            stage.james(Map.of()).close();

            assertThat(log.about(LOGGER_LINE)).hasSize(1);
        }
        try (DeliveryLog log = DeliveryLog.recordFrom(Level.INFO)) {
            stage.james(Map.of()).close();

            assertThat(log.about(LOGGER_LINE)).isEmpty();
        }
    }

    @Test
    void startShouldSayInOneLineWhatIsWorkedWith() throws Exception {
        try (DeliveryLog log = DeliveryLog.record()) {
            stage.james(Map.of()).close();
            stage.james(Map.of("tlsProvider", "jdk")).close();

            assertThat(log.about("TlsRemoteDelivery begins: "))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("INFO ")
                            .contains(" queue=outgoing-tls port=" + stage.port() + " policy=")
                            .contains("tls-enforcement.xml domains=1 roots=1 ")
                            .contains(" tls=\"TLSv1.3, TLSv1.2\" suites=\"TLS_AES_256_GCM_SHA384, "))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .contains(" tlsProvider=bouncycastle ")
                                    .contains(" groups=\"X25519MLKEM768, x25519, "),
                            line -> assertThat(line)
                                    .contains(" tlsProvider=jdk ")
                                    .contains(" groups=\"those of the JDK\""));
        }
    }

    @Test
    void demonstrationShouldLogAsReadmeSays() throws Exception {
        String logback = Files.readString(Path.of("src-test/org/jamestls/demo/conf/logback.xml"));

        assertThat(Files.readString(Path.of("README.md"))).contains(LOGGER_LINE);
        assertThat(logback).contains(LOGGER_LINE, "<root level=\"WARN\">");
    }
}
