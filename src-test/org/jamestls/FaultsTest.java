package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.mail.BodyPart;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMultipart;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.awaitility.core.ConditionTimeoutException;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.FaultCase;
import org.jamestls.james.FaultCase.Doubt;
import org.jamestls.james.FaultCase.Expected;
import org.jamestls.james.FaultCase.Patience;
import org.jamestls.james.FaultCases;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.QueueKind;
import org.jamestls.james.Stage;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.ReceivedMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes of a mail when mail hosts and the DNS fail, from James's processor to every host that there is, on each of
 * James's queues. All mails are under way at once, each to a domain and mail hosts of its own and with a token of its own,
 * which is counted over all hosts.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {

    private static final Duration LONGEST = Duration.ofSeconds(150);
    private static final Pattern SUBJECT = Pattern.compile("(?m)^Subject: (\\S+)\r?$");
    private static final Pattern STATUS_OF_RECIPIENT =
            Pattern.compile("Final-Recipient: rfc822; (\\w+)@.*?Status: ([0-9.]+)", Pattern.DOTALL);

    /** By the domain, which is the mail's token too. */
    private final Map<String, FaultCase> cases = new LinkedHashMap<>();

    private final DeliveryLog log = DeliveryLog.record();
    private final List<MailetContainer> senders = new ArrayList<>();
    private Stage stage;
    private List<Mail> spooled;

    @BeforeAll
    void sendAllMails(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        HeldCertificate certificate = stage.trusted.issueFor("*." + FaultCases.ABOVE);
        stage.policy("<domain name='" + FaultCases.ABOVE + "'/>");
        for (QueueKind kind : QueueKind.values()) {
            sendAllMails(kind, FaultCases.all(certificate));
        }
        awaitTheEnd();
        spooled = senders.stream().flatMap(sender -> sender.spooled().stream()).toList();
    }

    private void sendAllMails(QueueKind kind, List<FaultCase> faultCases) throws Exception {
        MailetContainer ample = sender(kind, Map.of("maxRetries", "4", "timeout", "30000"));
        MailetContainer impatient = sender(kind, Map.of("maxRetries", "30", "timeout", "2000"));
        for (int i = 0; i < faultCases.size(); i++) {
            FaultCase faultCase = faultCases.get(i);
            String domain = kind.name().toLowerCase(Locale.ROOT) + i + "." + FaultCases.ABOVE;
            cases.put(domain, faultCase);
            faultCase.place().stage(stage, domain, host -> faultCase.kind().offeredBy(host));
            send(faultCase.patience() == Patience.SHORT ? impatient : ample, domain, faultCase);
        }
    }

    private MailetContainer sender(QueueKind kind, Map<String, String> patience) throws Exception {
        Map<String, String> parameters = new HashMap<>(Map.of("delayTime", "100", "onSuccess", "delivered"));
        parameters.put("mailHostLimit", String.valueOf(FaultCases.MOST_EXCHANGES));
        parameters.put("addressLimit", String.valueOf(FaultCases.MOST_EXCHANGES));
        parameters.putAll(patience);
        MailetContainer sender = stage.james(stage.openQueues(kind), parameters);
        senders.add(sender);
        return sender;
    }

    private static void send(MailetContainer sender, String domain, FaultCase faultCase) throws Exception {
        String body = faultCase.big() ? ("x".repeat(76) + "\r\n").repeat(FaultCases.BIG / 78) : "body\r\n";
        List<MailAddress> recipients = new ArrayList<>();
        for (String localPart : FaultCase.RECIPIENTS) {
            recipients.add(new MailAddress(localPart + "@" + domain));
        }
        sender.send(
                MailetContainer.message("Subject: " + domain + "\r\n\r\n" + body), "sender@sender.example", recipients);
    }

    private void awaitTheEnd() {
        try {
            await().atMost(LONGEST).until(() -> senders.stream().allMatch(MailetContainer::isIdle));
        } catch (ConditionTimeoutException e) {
            // the cases that have not come to an end say so, each in its test
            assertThat(senders).isNotEmpty();
        }
    }

    @AfterAll
    void tearDown() {
        senders.forEach(MailetContainer::close);
        stage.close();
        log.close();
    }

    Stream<String> domains() {
        return cases.keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("domains")
    void everyRecipientShouldGetTheMailOnceOrABounce(String domain) throws Exception {
        FaultCase faultCase = cases.get(domain);
        Expected expected = faultCase.expected();

        assertThat(arrivals(domain))
                .as(faultCase + ": copies at all mail hosts together")
                .isEqualTo(timesEach(expected, expected.copies()));
        assertThat(successes(domain))
                .as(faultCase + ": recipients of whom James is told that they have it")
                .isEqualTo(timesEach(expected, 1));
        assertThat(bounces(domain)).as(faultCase + ": bounces").isEqualTo(listsOf(expected.bounced()));
        assertThat(log.about("@" + domain).anyMatch(line -> line.contains("is tried again in")))
                .as(faultCase + ": tried again")
                .isEqualTo(expected.retried());
        if (expected.doubt() != Doubt.EITHER) {
            assertThat(log.about("-" + domain).filter(line -> line.contains("may have been taken by")))
                    .as(faultCase + ": the log says that the host may have taken the mail")
                    .hasSize(expected.doubt() == Doubt.SAID ? 1 : 0);
        }
    }

    private static Map<String, Integer> timesEach(Expected expected, int times) {
        Map<String, Integer> counted = new TreeMap<>();
        expected.delivered().forEach(localPart -> counted.put(localPart, times));
        return counted;
    }

    private static Map<String, List<String>> listsOf(Map<String, String> codes) {
        Map<String, List<String>> lists = new TreeMap<>();
        codes.forEach((localPart, code) -> lists.put(localPart, List.of(code)));
        return lists;
    }

    private Map<String, Integer> arrivals(String domain) {
        Map<String, Integer> arrivals = new TreeMap<>();
        for (ReceivedMessage message : stage.messages()) {
            if (token(message.text()).equals(domain)) {
                message.recipients().forEach(recipient -> count(arrivals, recipient));
            }
        }
        return arrivals;
    }

    private Map<String, Integer> successes(String domain) throws MessagingException {
        Map<String, Integer> successes = new TreeMap<>();
        for (Mail mail : spooled) {
            if (mail.getState().equals("delivered")
                    && mail.getMessage().getSubject().equals(domain)) {
                mail.getRecipients().forEach(recipient -> count(successes, recipient.asString()));
            }
        }
        return successes;
    }

    private static void count(Map<String, Integer> counted, String recipient) {
        counted.merge(recipient.substring(0, recipient.indexOf('@')), 1, Integer::sum);
    }

    private Map<String, List<String>> bounces(String domain) throws Exception {
        Map<String, List<String>> codes = new TreeMap<>();
        for (Mail mail : spooled) {
            if (!mail.getState().equals("delivered") && token(part(mail, 2)).equals(domain)) {
                Matcher status = STATUS_OF_RECIPIENT.matcher(part(mail, 1));
                while (status.find()) {
                    codes.computeIfAbsent(status.group(1), any -> new ArrayList<>())
                            .add(status.group(2));
                }
            }
        }
        return codes;
    }

    private static String token(String text) {
        Matcher subject = SUBJECT.matcher(text);
        assertThat(subject.find()).isTrue();
        return subject.group(1);
    }

    private static String part(Mail bounce, int index) throws Exception {
        BodyPart part = ((MimeMultipart) bounce.getMessage().getContent()).getBodyPart(index);
        return new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
