package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.Transcript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a mail's sender asked for, on its way from James to MAIL and RCPT. */
class MailExtensionsTest {

    private static final Map<String, String> TELLING = Map.of("bounceProcessor", "bounces", "onSuccess", "delivered");

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

    private ReceivingServer bank(String... extensions) {
        return stage.mx("bank.example", stage.trustedFor("mx.bank.example").offering(extensions));
    }

    private static MailImpl asking(DsnParameters asked, String... recipients) throws Exception {
        MailImpl mail = MailetContainer.mail("sender@sender.example", recipients);
        mail.setDsnParameters(asked);
        return mail;
    }

    private static DsnParameters everything() throws Exception {
        return DsnParameters.builder()
                .envId(DsnParameters.EnvId.of("QQ+2B314159"))
                .ret(DsnParameters.Ret.HDRS)
                .addRcptParameter(
                        new MailAddress("never@bank.example"), RecipientDsnParameters.of(EnumSet.of(Notify.NEVER)))
                .addRcptParameter(
                        new MailAddress("both@bank.example"),
                        RecipientDsnParameters.of(
                                EnumSet.of(Notify.DELAY, Notify.SUCCESS), new MailAddress("b+2Bx@orig.example")))
                .build()
                .orElseThrow();
    }

    @Test
    void notifyShouldBeSaidOfEachRecipientInOneTransaction() throws Exception {
        ReceivingServer bank = bank("DSN");
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(asking(everything(), "never@bank.example", "both@bank.example", "open@bank.example"));

            assertThat(bank.awaitMessages(1))
                    .extracting(ReceivedMessage::mailParameters)
                    .containsExactly("RET=HDRS ENVID=QQ+2B314159");
            assertThat(bank.awaitEnded(1).get(0).commands())
                    .contains(
                            "RCPT TO:<never@bank.example> NOTIFY=NEVER",
                            "RCPT TO:<both@bank.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bx@orig.example",
                            "RCPT TO:<open@bank.example>");
            james.awaitSpooled(1);
            assertThat(bank.messages()).hasSize(1);
        }
    }

    @Test
    void notificationsShouldNotBeAskedForWhereDsnIsNotOffered() throws Exception {
        ReceivingServer bank = bank("PIPELINING");
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(asking(everything(), "never@bank.example"));

            assertThat(bank.awaitMessages(1).get(0).mailParameters()).isEmpty();
            assertThat(bank.awaitEnded(1).get(0).commands()).contains("RCPT TO:<never@bank.example>");
        }
    }

    static Stream<Arguments> requestsThatNoHostTakes() throws Exception {
        return Stream.of(
                Arguments.of(named(""), "an empty ENVID"),
                Arguments.of(named("x".repeat(101)), "a long ENVID"),
                Arguments.of(named("x".repeat(3000)), "a longer ENVID"),
                Arguments.of(named("x".repeat(100_000)), "an ENVID longer than any stack"),
                Arguments.of(
                        about(RecipientDsnParameters.of(new MailAddress("x".repeat(3000) + "@orig.example"))),
                        "a long ORCPT"),
                Arguments.of(
                        about(RecipientDsnParameters.of(new MailAddress("x".repeat(100_000) + "@orig.example"))),
                        "an ORCPT longer than any stack"),
                Arguments.of(about(RecipientDsnParameters.of(MailAddress.nullSender())), "an empty ORCPT"),
                Arguments.of(
                        about(RecipientDsnParameters.of(EnumSet.of(Notify.NEVER, Notify.FAILURE))),
                        "a NOTIFY that contradicts itself"));
    }

    private static DsnParameters named(String envelopeId) {
        return DsnParameters.builder()
                .envId(DsnParameters.EnvId.of(envelopeId))
                .build()
                .orElseThrow();
    }

    private static DsnParameters about(RecipientDsnParameters asked) throws Exception {
        return DsnParameters.builder()
                .addRcptParameter(new MailAddress("a@bank.example"), asked)
                .build()
                .orElseThrow();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("requestsThatNoHostTakes")
    void mailShouldGoWithoutWhatNoHostTakes(DsnParameters asked, String why) throws Exception {
        ReceivingServer bank = bank("DSN");
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(asking(asked, "a@bank.example"));

            assertThat(bank.awaitMessages(1).get(0).mailParameters()).isEmpty();
            assertThat(bank.awaitEnded(1).get(0).commands()).contains("RCPT TO:<a@bank.example>");
            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("delivered");
        }
    }

    @Test
    void bounceShouldSurviveALongEnvelopeIdAndCutIt() throws Exception {
        stage.mx("bank.example", stage.trustedFor("mx.bank.example").reply(SmtpStep.RCPT, "550 5.1.1 no such user"));
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(asking(named("x".repeat(100_000)), "a@bank.example"));

            assertThat(text(james.awaitSpooled(1).get(0))).contains("Original-Envelope-Id: " + "x".repeat(253) + "...");
        }
    }

    @Test
    void notificationsShouldStillBeAskedForAfterARetry() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example",
                stage.trustedFor("mx.bank.example")
                        .offering("DSN")
                        .reply(SmtpStep.MAIL, "451 4.3.0 later", "250 2.1.0 ok"));
        try (MailetContainer james = stage.james(Map.of("maxRetries", "1", "delayTime", "50"))) {
            james.send(asking(everything(), "never@bank.example"));

            assertThat(bank.awaitMessages(1).get(0).mailParameters()).isEqualTo("RET=HDRS ENVID=QQ+2B314159");
            assertThat(bank.transcripts())
                    .flatExtracting(Transcript::commands)
                    .contains("RCPT TO:<never@bank.example> NOTIFY=NEVER");
        }
    }

    @Test
    void bounceShouldLeaveOutThoseWhoseSenderWantsNoneAndNameTheEnvelope() throws Exception {
        stage.mx("bank.example", stage.trustedFor("mx.bank.example").reply(SmtpStep.RCPT, "550 5.1.1 no such user"));
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(asking(everything(), "never@bank.example", "both@bank.example", "open@bank.example"));

            Mail bounce = james.awaitSpooled(1).get(0);
            assertThat(text(bounce))
                    .contains("Original-Envelope-Id: QQ+314159")
                    .contains("Final-Recipient: rfc822; open@bank.example")
                    .doesNotContain("never@bank.example")
                    .doesNotContain("both@bank.example");
        }
    }

    @Test
    void bounceShouldNameTheRecipientAsTheSenderWroteIt() throws Exception {
        stage.mx("bank.example", stage.trustedFor("mx.bank.example").reply(SmtpStep.RCPT, "550 5.1.1 no such user"));
        DsnParameters asked = DsnParameters.builder()
                .addRcptParameter(
                        new MailAddress("a@bank.example"), RecipientDsnParameters.of(new MailAddress("b@orig.example")))
                .build()
                .orElseThrow();
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(asking(asked, "a@bank.example"));

            assertThat(text(james.awaitSpooled(1).get(0)))
                    .containsSubsequence(
                            "Original-Recipient: rfc822;b@orig.example", "Final-Recipient: rfc822; a@bank");
        }
    }

    @Test
    void nobodyShouldBeToldWhenTheSenderWantsNoNotification() throws Exception {
        ReceivingServer bank = stage.mx(
                "bank.example", stage.trustedFor("mx.bank.example").reply(SmtpStep.RCPT, "550 5.1.1 no such user"));
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(asking(everything(), "never@bank.example"));

            bank.awaitEnded(1);
            james.awaitIdle();
            assertThat(james.spooled()).isEmpty();
        }
    }

    private static String text(Mail bounce) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bounce.getMessage().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    static Stream<Arguments> priorities() {
        return Stream.of(
                Arguments.of(value(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE), 9, "the highest"),
                Arguments.of(value(MailPrioritySupport.NORMAL_PRIORITY_ATTRIBUTE), 0, "the normal one"),
                Arguments.of(value(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE), -9, "the lowest"),
                Arguments.of(1000, 9, "above the scale"),
                Arguments.of(-1000, -9, "below the scale"),
                Arguments.of(Integer.MIN_VALUE, -9, "far below the scale"));
    }

    private static int value(Attribute attribute) {
        return (Integer) attribute.getValue().value();
    }

    @ParameterizedTest(name = "{2}: {0} -> {1}")
    @MethodSource("priorities")
    void priorityShouldBeToldOnTheScaleOfRfc6710(int ofJames, int onTheWire, String why) throws Exception {
        assertThat(mailParameters(Optional.of(ofJames), Map.of(), "MT-PRIORITY MIXER"))
                .as(why)
                .isEqualTo("MT-PRIORITY=" + onTheWire);
    }

    @Test
    void priorityShouldNotBeToldWhereItIsNotOffered() throws Exception {
        assertThat(mailParameters(Optional.of(1), Map.of(), "PIPELINING")).isEmpty();
    }

    @Test
    void priorityShouldNotBeToldWhenNobodyAskedForOne() throws Exception {
        assertThat(mailParameters(Optional.empty(), Map.of(), "MT-PRIORITY")).isEmpty();
    }

    @Test
    void priorityInOurQueueShouldNotBeToldAsTheSenders() throws Exception {
        assertThat(mailParameters(
                        Optional.of(value(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE)),
                        Map.of("usePriority", "true"),
                        "MT-PRIORITY"))
                .isEqualTo("MT-PRIORITY=-9");
    }

    private String mailParameters(Optional<Integer> priority, Map<String, String> parameters, String extension)
            throws Exception {
        ReceivingServer bank = bank(extension);
        try (MailetContainer james = stage.james(parameters)) {
            Mail mail = MailetContainer.mail("sender@sender.example", "a@bank.example");
            priority.ifPresent(value ->
                    mail.setAttribute(new Attribute(MailPrioritySupport.MAIL_PRIORITY, AttributeValue.of(value))));
            james.send(mail);
            return bank.awaitMessages(1).get(0).mailParameters();
        }
    }

    private static Mail requiringTls(String recipient) throws Exception {
        Mail mail = MailetContainer.mail("sender@sender.example", recipient);
        mail.setAttribute(new Attribute(AttributeName.of("REQUIRETLS"), AttributeValue.of(true)));
        return mail;
    }

    @Test
    void wishForTlsShouldBePassedOnOverVerifiedTls() throws Exception {
        ReceivingServer other =
                stage.mx("other.example", stage.trustedFor("mx.other.example").offering("REQUIRETLS"));
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(requiringTls("a@other.example"));

            ReceivedMessage message = other.awaitMessages(1).get(0);
            assertThat(message.mailParameters()).isEqualTo("REQUIRETLS");
            assertThat(message.overTls()).isTrue();
        }
    }

    @Test
    void mailWhoseSenderWantsTlsShouldNotGoInTheClearEvenWhereOtherDomainsMay() throws Exception {
        stage.policy("<otherDomains><tls>none</tls></otherDomains>");
        ReceivingServer other =
                stage.mx("other.example", ReceivingServer.builder().offering("REQUIRETLS"));
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(requiringTls("a@other.example"));

            assertThat(james.awaitSpooled(1)).extracting(Mail::getState).containsExactly("bounces");
            assertThat(other.awaitEnded(1).get(0).commands()).noneMatch(command -> command.startsWith("MAIL"));
        }
    }

    @Test
    void mailWhoseSenderWantsTlsShouldGoToTheHostThatPassesTheWishOn() throws Exception {
        ReceivingServer first = stage.host("mx1.bank.example", stage.trustedFor("mx1.bank.example"));
        ReceivingServer second = stage.host(
                "mx2.bank.example", stage.trustedFor("mx2.bank.example").offering("REQUIRETLS"));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
        try (MailetContainer james = stage.james(TELLING)) {
            james.send(requiringTls("a@bank.example"));

            assertThat(second.awaitMessages(1)).hasSize(1);
            assertThat(first.messages()).isEmpty();
        }
    }

    @Test
    void bounceShouldSayThatNoHostPassesTheWishForTlsOn() throws Exception {
        stage.mx("bank.example", stage.trustedFor("mx.bank.example"));
        try (MailetContainer james = stage.james(Map.of())) {
            james.send(requiringTls("a@bank.example"));

            assertThat(text(james.awaitSpooled(1).get(0)))
                    .contains("Status: 5.7.30")
                    .contains("does not offer REQUIRETLS");
        }
    }
}
