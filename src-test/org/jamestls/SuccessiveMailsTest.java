package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.DeliveryLog;
import org.jamestls.james.FaultCase.Kind;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.QueueKind;
import org.jamestls.james.Stage;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.Fault;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.Transcript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Several mails to one mail host, which is the same between them or not. What is asserted holds whether or not a
 * connection is used for more than one mail.
 */
@ParameterizedClass
@EnumSource(QueueKind.class)
class SuccessiveMailsTest {

    private static final String MX = "mx.bank.example";
    private static final int MAILS = 4;
    private static final int MAILS_AT_ONCE = 20;

    /** When a mail host has had enough of a connection. */
    private enum Manner {
        NEVER(host -> host),
        CLOSES_AFTER_ONE_MAIL(host -> host.fault(Moment.AFTER_REPLY, Fault.CLOSE)),
        RESETS_AFTER_ONE_MAIL(host -> host.fault(Moment.AFTER_REPLY, Fault.RESET)),
        SAYS_421_AFTER_ONE_MAIL(host -> host.fault(Moment.AFTER_REPLY, Fault.saying("421 4.3.2 one is enough"))),
        CLOSES_WHEN_IDLE(host -> host.fault(Moment.IDLE, Fault.CLOSE)),
        RESETS_WHEN_IDLE(host -> host.fault(Moment.IDLE, Fault.RESET)),
        SAYS_421_WHEN_IDLE(host -> host.fault(Moment.IDLE, Fault.saying("421 4.4.2 idle too long"))),
        CLOSES_AT_SECOND_MAIL(host -> host.fault(Moment.LATER_MAIL, Fault.CLOSE)),
        RESETS_AT_SECOND_MAIL(host -> host.fault(Moment.LATER_MAIL, Fault.RESET)),
        SAYS_421_TO_SECOND_MAIL(host -> host.fault(Moment.LATER_MAIL, Fault.saying("421 4.7.0 one is enough")));

        private final UnaryOperator<ReceivingServer.Builder> faults;

        Manner(UnaryOperator<ReceivingServer.Builder> faults) {
            this.faults = faults;
        }

        /** Whether a connection has ended before the next mail comes, when that comes late enough. */
        private boolean endsByItself() {
            return name().endsWith("WHEN_IDLE") || name().endsWith("AFTER_ONE_MAIL");
        }
    }

    private final DeliveryLog log = DeliveryLog.record();

    @Parameter
    QueueKind queues;

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory, queues);
        stage.policy("<domain name='bank.example'/>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
        log.close();
    }

    static Stream<Arguments> mannersOfBothKinds() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(Manner.values()).map(manner -> Arguments.of(manner, kind)));
    }

    @ParameterizedTest
    @MethodSource("mannersOfBothKinds")
    void mailsOneAfterTheOtherShouldEachArriveOnceAtTheFirstAttempt(Manner manner, Kind kind) throws Exception {
        ReceivingServer bank = bank(manner, kind);
        try (MailetContainer james = stage.james(retries("5"))) {
            for (int i = 0; i < MAILS; i++) {
                send(james, i);
                james.awaitSpooled(i + 1);
                if (manner.endsByItself()) {
                    bank.awaitEnded(i + 1);
                }
            }
            james.awaitIdle();

            assertThat(subjects(bank)).containsExactlyElementsOf(expectedSubjects(MAILS));
            assertThat(james.spooled())
                    .hasSize(MAILS)
                    .allSatisfy(mail -> assertThat(mail.getState()).isEqualTo("delivered"));
            assertThat(log.about("is tried again in")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("mannersOfBothKinds")
    void mailsAllAtOnceShouldEachArriveOnce(Manner manner, Kind kind) throws Exception {
        ReceivingServer bank = bank(manner, kind);
        try (MailetContainer james = stage.james(retries("20"))) {
            for (int i = 0; i < MAILS_AT_ONCE; i++) {
                send(james, i);
            }
            james.awaitSpooled(MAILS_AT_ONCE);
            james.awaitIdle();

            assertThat(subjects(bank)).containsExactlyInAnyOrderElementsOf(expectedSubjects(MAILS_AT_ONCE));
            assertThat(james.spooled())
                    .hasSize(MAILS_AT_ONCE)
                    .allSatisfy(mail -> assertThat(mail.getState()).isEqualTo("delivered"));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void certificateThatExpiresBetweenTwoMailsShouldKeepTheSecondBack(Kind kind) throws Exception {
        ReceivingServer bank = bank(Manner.NEVER, kind);
        try (MailetContainer james = stage.james(retries("0"))) {
            send(james, 0);
            james.awaitSpooled(1);
            bank.changeCertificate(expired());
            bank.awaitEnded(1);

            send(james, 1);
            Mail bounced = james.awaitSpooled(2).get(1);

            assertThat(bounced.getState()).isEqualTo("bounces");
            assertThat(AttributeUtils.getValueAndCastFromMail(bounced, DeliveryAttributes.VIOLATION, String.class))
                    .hasValue("certificate-expired");
            assertThat(subjects(bank)).containsExactly("mail-0");
            List<Transcript> transcripts = bank.awaitEnded(2);
            assertThat(transcripts.get(transcripts.size() - 1).commands()).noneMatch(line -> line.startsWith("MAIL"));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void certificateThatIsRenewedBetweenTwoMailsShouldLetTheSecondThrough(Kind kind) throws Exception {
        ReceivingServer bank = stage.mx("bank.example", kind.offeredBy(Stage.presenting(expired())));
        try (MailetContainer james = stage.james(retries("0"))) {
            send(james, 0);
            james.awaitSpooled(1);
            bank.awaitEnded(1);
            bank.changeCertificate(stage.trusted.issueFor(MX));

            send(james, 1);

            assertThat(james.awaitSpooled(2)).extracting(Mail::getState).containsExactly("bounces", "delivered");
            assertThat(subjects(bank)).containsExactly("mail-1");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void certificateThatIsRenewedWhileAMailWaitsShouldLetItThroughOnce(Kind kind) throws Exception {
        ReceivingServer bank = stage.mx("bank.example", kind.offeredBy(Stage.presenting(expired())));
        try (MailetContainer james = stage.james(retries("500"))) {
            send(james, 0);
            bank.awaitEnded(1);
            bank.changeCertificate(stage.trusted.issueFor(MX));

            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("delivered");
            james.awaitIdle();
            assertThat(subjects(bank)).containsExactly("mail-0");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void mailHostThatListensOnlyLaterShouldGetTheMailOnce(Kind kind) throws Exception {
        stage.deserted(MX);
        stage.dns.mx("bank.example", MX);
        try (MailetContainer james = stage.james(retries("500"))) {
            send(james, 0);
            await().until(() -> log.about("is tried again in").count() > 1);
            ReceivingServer bank = bank(Manner.NEVER, kind);

            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("delivered");
            james.awaitIdle();
            assertThat(subjects(bank)).containsExactly("mail-0");
        }
    }

    private ReceivingServer bank(Manner manner, Kind kind) {
        return stage.mx("bank.example", manner.faults.apply(kind.offeredBy(stage.trustedFor(MX))));
    }

    private HeldCertificate expired() {
        return stage.trusted.issue(new Request("CN=" + MX).dnsName(MX).expired());
    }

    private static Map<String, String> retries(String most) {
        return Map.of("maxRetries", most, "delayTime", "50", "bounceProcessor", "bounces", "onSuccess", "delivered");
    }

    private static void send(MailetContainer james, int number) throws Exception {
        james.send(
                MailetContainer.message("Subject: mail-" + number + "\r\n\r\nbody\r\n"),
                "sender@sender.example",
                List.of(new MailAddress("a@bank.example")));
    }

    private static List<String> expectedSubjects(int mails) {
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < mails; i++) {
            subjects.add("mail-" + i);
        }
        return subjects;
    }

    private static List<String> subjects(ReceivingServer server) {
        return server.messages().stream()
                .map(ReceivedMessage::text)
                .map(text -> text.replaceFirst("(?s).*?Subject: (\\S+).*", "$1"))
                .toList();
    }
}
