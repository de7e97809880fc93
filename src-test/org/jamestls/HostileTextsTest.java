package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.james.UnparsedAddress;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ReceivingServer.StartTls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers write into addresses, names, replies and certificates, and what operators read of it. */
class HostileTextsTest {

    private static final String CONTROLS = "\u001b[2J\u202e";
    private static final String FORGED = "x' y\\\" verdict=satisfied";
    private static final Pattern PRINTABLE = Pattern.compile("[ -~\\n\\t]*");

    /** A pair, whose value is a word or stands between quotes that nothing in it ends. */
    private static final Pattern PAIR = Pattern.compile(" (\\w+)=(\"[^\"]*\"|[^\" =]+)");

    private DeliveryLog log;
    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        log = DeliveryLog.recordEverything();
        stage = new Stage(directory);
        stage.policy("<domain name='bank.example'/><domain name='rehearsed.example'><mode>report</mode></domain>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
        log.close();
    }

    private static ReceivingServer.Builder refusing(SmtpStep step, String reply) {
        return ReceivingServer.builder().reply(step, reply + CONTROLS + FORGED);
    }

    private static MailAddress hostile(String domain) throws Exception {
        return new UnparsedAddress("\"" + FORGED + CONTROLS + "\"", Domain.of(domain));
    }

    private static MailImpl mail(String domain) throws Exception {
        MailImpl mail = MailetContainer.mail("sender@sender.example", "good@placeholder.example");
        mail.setName("mail of " + domain + CONTROLS + FORGED);
        mail.setSender(hostile("sender.example"));
        mail.setRecipients(List.of(hostile(domain), new UnparsedAddress("good", Domain.of(domain))));
        return mail;
    }

    private static Request subject() {
        return new Request("CN=" + FORGED.replace("=", "\\=") + CONTROLS);
    }

    private void raiseTheCurtain() {
        stage.mx("bank.example", Stage.presenting(stage.trusted.issue(subject())));
        stage.mx("rehearsed.example", Stage.presenting(stage.trusted.issue(subject())));
        stage.mx("delivered.example", ReceivingServer.builder().reply(SmtpStep.CONTENT, "250 " + CONTROLS + FORGED));
        stage.mx("greeting.example", refusing(SmtpStep.GREETING, "554 "));
        stage.mx("mail.example", refusing(SmtpStep.MAIL, "450 "));
        stage.mx("rcpt.example", refusing(SmtpStep.RCPT, "550 "));
        stage.mx("content.example", refusing(SmtpStep.CONTENT, "451 "));
        stage.mx("nonsense.example", refusing(SmtpStep.EHLO, ""));
        stage.mx("broken.example", stage.trustedFor("mx.broken.example").startTls(StartTls.FOLLOWED_BY_CLEAR_TEXT));
        stage.dns
                .mx("exchange.example", "mx" + CONTROLS + FORGED + ".exchange.example")
                .mx("null.example", ".")
                .failing("failing.example");
    }

    private static final List<String> DOMAINS = List.of(
            "bank.example",
            "rehearsed.example",
            "delivered.example",
            "greeting.example",
            "mail.example",
            "rcpt.example",
            "content.example",
            "nonsense.example",
            "broken.example",
            "exchange.example",
            "null.example",
            "failing.example",
            "nowhere.example",
            "stra\u00dfe.example");

    private List<Mail> sendEverywhere(Map<String, String> parameters, MaybeSender sender) throws Exception {
        raiseTheCurtain();
        try (MailetContainer james = stage.james(parameters)) {
            for (String domain : DOMAINS) {
                MailImpl mail = mail(domain);
                if (sender.isNullSender()) {
                    mail.setSender(null);
                }
                james.send(mail);
            }
            james.awaitIdle();
            await().until(() -> log.about(" is given up").count() >= DOMAINS.size() - 2);
            return james.spooled();
        }
    }

    @Test
    void nothingUnprintableShouldReachTheLogOrABounce() throws Exception {
        List<Mail> bounces =
                sendEverywhere(Map.of("maxRetries", "1", "delayTime", "50"), MaybeSender.of(hostile("sender.example")));

        assertThat(log.whole()).allSatisfy(event -> assertThat(event).matches(PRINTABLE));
        assertThat(log.about("is tried again")).isNotEmpty();
        assertThat(bounces).isNotEmpty();
        for (Mail bounce : bounces) {
            String text = new String(bounce.getMessage().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).doesNotContain("\u001b", "\u202e");
        }
    }

    @Test
    void nothingUnprintableShouldReachTheLogWhereNobodyIsTold() throws Exception {
        sendEverywhere(Map.of(), MaybeSender.nullSender());

        assertThat(log.whole()).allSatisfy(event -> assertThat(event).matches(PRINTABLE));
        assertThat(log.about("is delivered to")).isNotEmpty();
        assertThat(log.about("without sender is given up")).isNotEmpty();
    }

    @Test
    void noTextShouldForgeAField() throws Exception {
        sendEverywhere(Map.of(), MaybeSender.nullSender());

        assertThat(log.about(" mail=").filter(line -> line.matches("\\w+ mail=.*")))
                .hasSizeGreaterThan(5)
                .allSatisfy(HostileTextsTest::consistsOfPairs);
        assertThat(log.about("verdict=reported")).isNotEmpty();
        assertThat(log.about("verdict=satisfied"))
                .as("each is within quotes")
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(line.replaceAll("\"[^\"]*\"", "")).doesNotContain("satisfied"));
    }

    private static void consistsOfPairs(String line) {
        Matcher pair = PAIR.matcher(line);
        int end = line.indexOf(' ');
        Set<String> keys = new HashSet<>();
        while (pair.find()) {
            assertThat(pair.start()).as("between the pairs of " + line).isEqualTo(end);
            assertThat(keys.add(pair.group(1)))
                    .as(pair.group(1) + " in " + line)
                    .isTrue();
            end = pair.end();
        }
        assertThat(end).as(line).isEqualTo(line.length());
    }
}
