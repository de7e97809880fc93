package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.mail.internet.MimeMultipart;
import org.apache.mailet.Mail;
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

/** What a bounce says, and what it keeps to itself. */
class BounceTextTest {

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

    private static String text(Mail bounce) throws Exception {
        MimeMultipart report = (MimeMultipart) bounce.getMessage().getContent();
        return new String(report.getBodyPart(0).getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .replace("\r\n", "\n");
    }

    @Test
    void refusedConnectionShouldBeAllThatIsSaidOfIt() throws Exception {
        InetAddress nobody = stage.deserted("mx.bank.example");
        stage.dns.mx("bank.example", "mx.bank.example");
        try (MailetContainer james = stage.james(Map.of())) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(text(james.awaitSpooled(1).get(0)))
                    .isEqualTo("""
                            This is the mail server at sender.example.

                            Your message could not be delivered to these recipients:

                              a@bank.example: no mail host of bank.example took the mail: mx.bank.example [%s]:%d: no connection: Connection refused

                            It was tried once and will not be tried again.
                            """.formatted(nobody.getHostAddress(), stage.port()));
        }
    }

    @Test
    void refusalOfARecipientShouldSayWhichHostRefusedAndNothingOfTls() throws Exception {
        stage.mx("bank.example", stage.trustedFor("mx.bank.example").reply(SmtpStep.RCPT, "550 5.1.1 no such user"));
        try (MailetContainer james = stage.james(Map.of())) {
            james.send("sender@sender.example", "a@bank.example");

            assertThat(text(james.awaitSpooled(1).get(0)))
                    .contains("a@bank.example: RCPT refused: 550 5.1.1 no such user")
                    .contains("mx.bank.example [")
                    .doesNotContain("TLS");
        }
    }

    static Stream<Arguments> steps() {
        return Stream.of(
                Arguments.of(SmtpStep.GREETING, "554 5.7.1 "),
                Arguments.of(SmtpStep.MAIL, "550 5.7.1 "),
                Arguments.of(SmtpStep.RCPT, "550 5.7.1 "),
                Arguments.of(SmtpStep.CONTENT, "554 5.7.1 "));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void addressOfTheStaticRouteShouldNotBeSeenInAnyReply(SmtpStep step, String code) throws Exception {
        ReceivingServer.Builder builder = ReceivingServer.builder();
        String replies = code + "you reached 127.0.0.1, alias ::ffff:127.0.0.1, [127.0.0.1]:25";
        ReceivingServer server = stage.hidden("route", builder.reply(step, replies, replies, replies, replies));
        stage.policy("<domain name='other.example'><mode>report</mode><mailDelivery>staticRoute</mailDelivery>"
                + "<staticRoute>" + Stage.loopback(server) + ":" + server.port() + "</staticRoute></domain>");
        try (MailetContainer james = stage.james(Map.of())) {
            james.send("sender@sender.example", "a@other.example");

            MimeMultipart report =
                    (MimeMultipart) james.awaitSpooled(1).get(0).getMessage().getContent();
            for (int part = 0; part < 2; part++) {
                assertThat(new String(report.getBodyPart(part).getInputStream().readAllBytes()))
                        .doesNotContain("127.0.0.1")
                        .contains("(address of the static route)");
            }
        }
    }
}
