package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.UnparsedAddress;
import org.jamestls.smtp.Envelope;
import org.jamestls.smtp.EnvelopeAddress;
import org.jamestls.smtp.Recipient;
import org.jamestls.smtp.XText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a mail's sender asked of notifications, the mail reaches its host, or a bounce its sender. */
class DsnRequestsTest {

    private static final String BOB = "bob@bank.example";

    private static MailImpl mail(DsnParameters asked) throws Exception {
        MailImpl mail = MailetContainer.mail("sender@sender.example", BOB);
        mail.setDsnParameters(asked);
        return mail;
    }

    private static MailImpl named(String envelopeId) throws Exception {
        return mail(DsnParameters.builder()
                .envId(DsnParameters.EnvId.of(envelopeId))
                .build()
                .orElseThrow());
    }

    private static MailImpl about(RecipientDsnParameters asked) throws Exception {
        return mail(DsnParameters.builder()
                .addRcptParameter(new MailAddress(BOB), asked)
                .build()
                .orElseThrow());
    }

    private static Envelope envelope(MailImpl mail) throws Exception {
        return MailEnvelope.of(mail, Map.of(EnvelopeAddress.parse(BOB), List.of(new MailAddress(BOB))));
    }

    static Stream<Arguments> envelopeIds() {
        return Stream.of(
                Arguments.of("QQ314159", "QQ314159", "QQ314159", "the usual one"),
                Arguments.of("QQ+2B314159", "QQ+2B314159", "QQ+314159", "xtext stays as it is"),
                Arguments.of("", null, null, "an empty one is none"),
                Arguments.of("x".repeat(100), "x".repeat(100), "x".repeat(100), "the longest"),
                Arguments.of("x".repeat(101), null, "x".repeat(101), "longer than hosts take: RFC 3461 §4.4"),
                Arguments.of("+2B".repeat(33), "+2B".repeat(33), "+".repeat(33), "99 characters"),
                Arguments.of("+2B".repeat(34), null, "+".repeat(34), "102 characters"),
                Arguments.of("a+0D+0ARCPT", null, "a\\u000d\\u000aRCPT", "a line break, which hosts refuse"),
                Arguments.of("a+00b", null, "a\\u0000b", "NUL"),
                Arguments.of("a+E9b", null, "a\\u00e9b", "not ASCII"),
                Arguments.of("x".repeat(3000), null, "x".repeat(253) + "...", "long"),
                Arguments.of("x".repeat(1_000_000), null, "x".repeat(253) + "...", "longer than any stack"),
                Arguments.of("+2B".repeat(333_333), null, "+".repeat(253) + "...", "the same, encoded"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("envelopeIds")
    void envelopeIdShouldBeSaidToHostsThatWouldTakeIt(String asked, String said, String bounced, String why)
            throws Exception {
        assertThat(envelope(named(asked)).envelopeId().map(XText::encoded)).isEqualTo(Optional.ofNullable(said));
        assertThat(DsnRequests.of(named(asked)).originalEnvelopeId()).isEqualTo(Optional.ofNullable(bounced));
    }

    static Stream<Arguments> originalRecipients() throws Exception {
        String longest = "x".repeat(480) + "@orig.example"; // with its type and a semicolon, 500 characters
        return Stream.of(
                Arguments.of(new MailAddress("b@orig.example"), "rfc822;b@orig.example", "the usual one"),
                Arguments.of(
                        new MailAddress("b+2Bx@orig.example"), "rfc822;b+2Bx@orig.example", "xtext stays as it is"),
                Arguments.of(new MailAddress("b+x@orig.example"), "rfc822;b+2Bx@orig.example", "others are encoded"),
                Arguments.of(new MailAddress(longest), "rfc822;" + longest, "the longest"),
                Arguments.of(new MailAddress("x" + longest), null, "longer than hosts take: RFC 3461 §4.2"),
                Arguments.of(new MailAddress("x".repeat(3000) + "@orig.example"), null, "long"),
                Arguments.of(new MailAddress("x".repeat(100_000) + "@orig.example"), null, "longer than any stack"),
                Arguments.of(MailAddress.nullSender(), null, "no address"),
                Arguments.of(unparsed("a\r\nDATA"), null, "a line break, which hosts refuse"),
                Arguments.of(unparsed("b\u00f6b"), null, "not ASCII: RFC 6533 §3"));
    }

    private static MailAddress unparsed(String localPart) throws Exception {
        return new UnparsedAddress(localPart, Domain.of("orig.example"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("originalRecipients")
    void originalRecipientShouldBeSaidToHostsThatWouldTakeIt(MailAddress asked, String said, String why)
            throws Exception {
        Recipient testee =
                envelope(about(RecipientDsnParameters.of(asked))).recipients().get(0);

        assertThat(testee.originalRecipient().map(Object::toString)).isEqualTo(Optional.ofNullable(said));
    }

    static Stream<Arguments> notifications() {
        return Stream.of(
                Arguments.of(EnumSet.of(Notify.NEVER), "[NEVER]", false, "no notification"),
                Arguments.of(EnumSet.of(Notify.SUCCESS), "[SUCCESS]", false, "of success alone"),
                Arguments.of(
                        EnumSet.of(Notify.FAILURE, Notify.DELAY), "[FAILURE, DELAY]", true, "of failure and delay"),
                Arguments.of(EnumSet.of(Notify.NEVER, Notify.FAILURE), "[]", true, "a contradiction: RFC 3461 §4.1"),
                Arguments.of(EnumSet.allOf(Notify.class), "[]", true, "everything and nothing"),
                Arguments.of(EnumSet.noneOf(Notify.class), "[]", true, "nothing said"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("notifications")
    void notificationShouldBeSaidWhereItMakesSense(EnumSet<Notify> asked, String said, boolean wantsFailure, String why)
            throws Exception {
        MailImpl mail = about(RecipientDsnParameters.of(asked));

        assertThat(envelope(mail).recipients().get(0).notifyOn()).hasToString(said);
        assertThat(DsnRequests.of(mail).wantsFailure(new MailAddress(BOB))).isEqualTo(wantsFailure);
    }

    @Test
    void bounceShouldCutALongOriginalRecipient() throws Exception {
        MailImpl mail = about(RecipientDsnParameters.of(new MailAddress("x".repeat(100_000) + "@orig.example")));

        assertThat(DsnRequests.of(mail).originalRecipientDecoded(new MailAddress(BOB)))
                .hasValue("rfc822;" + "x".repeat(253) + "...");
    }

    @Test
    void nothingShouldBeSaidWhereNothingWasAsked() throws Exception {
        Envelope testee = envelope(MailetContainer.mail("sender@sender.example", BOB));

        assertThat(testee.envelopeId()).isEmpty();
        assertThat(testee.returned()).isEmpty();
        assertThat(testee.recipients().get(0).notifyOn()).isEqualTo(Set.of());
    }

    static Stream<Arguments> priorities() {
        return Stream.of(
                Arguments.of(AttributeValue.of(Integer.MAX_VALUE), OptionalInt.of(9), "far above the scale"),
                Arguments.of(AttributeValue.of(Integer.MIN_VALUE), OptionalInt.of(-9), "far below the scale"),
                Arguments.of(AttributeValue.of("high"), OptionalInt.empty(), "no number"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("priorities")
    void oddPriorityShouldKeepNoMailFromItsEnvelope(AttributeValue<?> asked, OptionalInt said, String why)
            throws Exception {
        MailImpl mail = MailetContainer.mail("sender@sender.example", BOB);
        mail.setAttribute(new Attribute(MailPrioritySupport.MAIL_PRIORITY, asked));

        assertThat(envelope(mail).priority()).isEqualTo(said);
    }
}
