package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.apache.james.core.MailAddress;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.mailet.base.test.FakeMail;
import org.jamestls.policy.Host;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.OtherDomains;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.policy.Violation;
import org.jamestls.routing.MailHost;
import org.jamestls.smtp.SmtpFailure;
import org.jamestls.smtp.SmtpReply;
import org.jamestls.smtp.SmtpStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How large a bounce becomes for one who wants it large: who chooses the sender that it goes to, the recipients, the
 * headers, the MX records, and what each of their hosts says.
 */
class BounceSizeTest {

    private static final int KB = 1024;
    private static final String ENDLESS = "x".repeat(500_000);

    /** The longest domain name that there is. */
    private static final String LONGEST_NAME =
            (("y".repeat(63) + ".").repeat(3) + "z".repeat(53) + ".example").substring(0, 253);

    static Stream<Arguments> attacks() {
        return Stream.of(
                Arguments.of(1, 1, "bank.example", 20, 1, 4 * KB, "an everyday bounce"),
                Arguments.of(300, 200, "bank.example", 500_000, 1, 100 * KB, "300 MX, 200 recipients, one reason"),
                Arguments.of(3000, 1, LONGEST_NAME, 500_000, 1, 40 * KB, "3,000 MX of the longest names"),
                Arguments.of(1500, 400, "bank.example", 500_000, 1, 160 * KB, "1,500 MX, 400 recipients"),
                Arguments.of(50, 1000, "bank.example", 500_000, 1, 300 * KB, "1,000 recipients, 50 addresses"),
                Arguments.of(50, 1000, "bank.example", 500_000, 1000, 300 * KB, "each recipient with its own reply"),
                Arguments.of(50, 100, LONGEST_NAME, 500_000, 100, 250 * KB, "the same with the longest addresses"));
    }

    @ParameterizedTest(name = "{6}")
    @MethodSource("attacks")
    void bounceShouldStaySmall(
            int exchanges, int recipients, String domain, int replyLength, int replies, int most, String why)
            throws Exception {
        String reply = ENDLESS.substring(0, replyLength);
        TourRecord tour = tour(domain, exchanges, reply);
        Map<MailAddress, DeliveryFailure> failures = new LinkedHashMap<>();
        for (int number = 0; number < recipients; number++) {
            failures.put(
                    new MailAddress("recipient-of-a-usual-length" + number + "@" + domain),
                    replies == 1 ? UnservedFailure.of(tour) : refusal(number % replies + reply));
        }

        MimeMessage bounce = bounce(tour, failures, "Subject: x\r\n\r\nbody");

        assertThat(octets(bounce).length()).as(why).isLessThan(most);
        assertThat(part(bounce, 1).lines().filter(line -> line.startsWith("Final-Recipient: ")))
                .hasSize(recipients);
        assertThat(octets(bounce).lines())
                .as("RFC 5322 2.1.1: at most 998 characters")
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998));
    }

    private static DeliveryFailure refusal(String text) {
        SmtpFailure refused =
                new SmtpFailure.Refused(SmtpStep.RCPT, new SmtpReply(550, Optional.empty(), List.of(text)));
        return new DeliveryFailure(true, "5.0.0", Optional.of(550), refused.message());
    }

    /** What a tour of mail hosts finds of which each says something of its own. */
    private static TourRecord tour(String domainName, int exchanges, String reply) {
        RecipientDomain domain = RecipientDomain.of(domainName);
        TourRecord tour = new TourRecord(
                "mail",
                domain,
                domain.decision(PolicyTable.of(List.of(), OtherDomains.OPPORTUNISTIC))
                        .orElseThrow(),
                new ReportedViolations(new RecordingMetricFactory()),
                TourLimits.DEFAULT_MAIL_HOSTS,
                false);
        int tried = Math.min(TourLimits.DEFAULT_ADDRESSES, exchanges);
        for (int number = 0; number < tried; number++) {
            tour.add(
                    new MailHost(Host.parse(domainName), 25, MailHost.Source.MX),
                    Optional.of(IpAddress.parse("192.0.2." + number)),
                    number % 2 == 0
                            ? new Verdict.Failed(
                                    new SmtpFailure.ProtocolBroken(SmtpStep.EHLO, "250", number + reply, false)
                                            .message())
                            : new Verdict.Violated(
                                    new PolicyViolation(Violation.CERTIFICATE_EXPIRED, reply, number + reply)));
        }
        if (exchanges > tried) {
            tour.endedBy((exchanges - tried) + " more mail hosts", "mailHostLimit is 20");
        }
        return tour;
    }

    private static MimeMessage bounce(TourRecord tour, Map<MailAddress, DeliveryFailure> failures, String original)
            throws Exception {
        FakeMail mail = FakeMail.builder()
                .name("mail")
                .sender("victim@forged.example")
                .mimeMessage(new MimeMessage(
                        Session.getInstance(new Properties()),
                        new ByteArrayInputStream(original.getBytes(StandardCharsets.ISO_8859_1))))
                .build();
        AttemptResult result = new AttemptResult(
                tour.domain(),
                Optional.of(tour.decision()),
                Set.of(),
                failures,
                tour.attempts(),
                tour.untried(),
                Optional.empty(),
                List.of());
        return new BounceMessage("mail.sender.example", new MailAddress("postmaster@sender.example"))
                .write(mail, failures, BounceText.of("mail.sender.example", result, failures, 5), Instant.EPOCH);
    }

    private static String octets(MimeMessage message) throws Exception {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        message.writeTo(octets);
        return octets.toString(StandardCharsets.ISO_8859_1);
    }

    private static String part(MimeMessage bounce, int number) throws Exception {
        return new String(
                ((MimeMultipart) bounce.getContent())
                        .getBodyPart(number)
                        .getInputStream()
                        .readAllBytes(),
                StandardCharsets.UTF_8);
    }

    private static Map<MailAddress, DeliveryFailure> sharing(String reason, String... recipients) throws Exception {
        Map<MailAddress, DeliveryFailure> failures = new LinkedHashMap<>();
        for (String recipient : recipients) {
            failures.put(new MailAddress(recipient), DeliveryFailure.temporary("4.4.1", reason));
        }
        return failures;
    }

    @Test
    void reasonThatRecipientsShareShouldBeSaidOnceInTheTextAndOfEachToPrograms() throws Exception {
        Map<MailAddress, DeliveryFailure> failures =
                sharing("nobody is there", "a@bank.example", "b@bank.example", "c@bank.example");

        MimeMessage bounce = bounce(tour("bank.example", 0, ""), failures, "Subject: x\r\n\r\nbody");

        assertThat(part(bounce, 0))
                .contains("  a@bank.example,\n  b@bank.example,\n  c@bank.example: nobody is there\n")
                .containsOnlyOnce("nobody is there");
        assertThat(part(bounce, 1).split("Diagnostic-Code: x-tls-enforcement; nobody is there", -1))
                .hasSize(4);
    }

    @Test
    void textShouldNameAHundredRecipientsAndCountTheRest() throws Exception {
        Map<MailAddress, DeliveryFailure> failures = sharing(
                "nobody is there",
                IntStream.rangeClosed(1, 120)
                        .mapToObj(i -> "r" + i + "@bank.example")
                        .toArray(String[]::new));

        MimeMessage bounce = bounce(tour("bank.example", 0, ""), failures, "Subject: x\r\n\r\nbody");

        assertThat(part(bounce, 0))
                .contains("  r100@bank.example: nobody is there\n  and 20 more\n")
                .doesNotContain("r101@");
        assertThat(part(bounce, 1)).contains("Final-Recipient: rfc822; r120@bank.example");
        assertThat(bounce.getSubject()).isEqualTo("Undelivered mail: not accepted for r1@bank.example and 119 more");
    }

    static Stream<Arguments> headers() {
        String many = "Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000\r\n".repeat(3000);
        String folded = "X-Folded: a\r\n" + " b\r\n".repeat(30_000);
        String note = "X-TLS-Enforcement-Left-Out: ";
        return Stream.of(
                Arguments.of("Subject: x\r\n", "Subject: x\r\n", "all of a usual header"),
                Arguments.of(many + "Subject: x\r\n", note, "many fields"),
                Arguments.of("X: " + ENDLESS + "\r\nSubject: x\r\n", "Subject: x\r\n" + note + "1", "one long line"),
                Arguments.of(folded + "Subject: x\r\n", "Subject: x\r\n" + note + "1", "one field of many lines"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("headers")
    void returnedHeadersShouldBeWholeFieldsAndNoMoreThanThereIsRoomFor(String header, String returned, String why)
            throws Exception {
        Map<MailAddress, DeliveryFailure> failures = sharing("nobody is there", "a@bank.example");

        MimeMessage bounce = bounce(tour("bank.example", 0, ""), failures, header + "\r\nbody");

        assertThat(part(bounce, 2)).as(why).contains(returned);
        assertThat(octets(bounce).length()).isLessThan(70 * KB);
        assertThat(octets(bounce).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998));
    }

    static Stream<Arguments> reasons() {
        return Stream.of(
                Arguments.of("x", "x", "short"),
                Arguments.of("x".repeat(1000), "x".repeat(1000), "as long as is let be"),
                Arguments.of("x".repeat(1001), "x".repeat(997) + "...", "longer"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("reasons")
    void reasonShouldBeCut(String reason, String cut, String why) {
        assertThat(DeliveryFailure.temporary("4.4.1", reason).reason()).as(why).isEqualTo(cut);
    }

    @Test
    void reasonOfManyMailHostsShouldSayHowManyMoreThereAre() {
        assertThat(UnservedFailure.of(tour("bank.example", 300, "x".repeat(200)))
                        .reason())
                .hasSizeLessThanOrEqualTo(DeliveryFailure.LONGEST_REASON)
                .startsWith(
                        "no mail host of bank.example satisfied the domain's TLS policy: bank.example [192.0.2.0]:25:")
                .contains("bank.example [192.0.2.1]:25, bank.example [192.0.2.3]:25, bank.example [192.0.2.5]:25 and 22"
                        + " more: the certificate has expired")
                .endsWith("and 250 more mail hosts were not tried: mailHostLimit is 20");
    }

    @Test
    void summaryOfManyReasonsShouldBeShort() throws Exception {
        Map<MailAddress, DeliveryFailure> failures = new LinkedHashMap<>();
        for (int number = 0; number < 1000; number++) {
            failures.put(new MailAddress("r" + number + "@bank.example"), refusal(number + ENDLESS));
        }

        assertThat(BounceText.summary(failures)).hasSize(DeliveryFailure.LONGEST_REASON);
    }
}
