package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.mail.BodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.jamestls.james.FaultCase.Kind;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.james.UnparsedAddress;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.Transcript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One mail stays one mail, whatever is in its message and its envelope: SMTP smuggling in the message, line breaks
 * and octets above 127 in addresses, header fields and the DSN envelope id.
 */
class SmugglingTest {

    private static final String SMUGGLED =
            "MAIL FROM:<eve@evil.example>\r\nRCPT TO:<victim@bank.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n";
    private static final String HEADER = "Subject: one\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
            + "Content-Transfer-Encoding: 8bit\r\nMIME-Version: 1.0\r\n\r\n";

    private static final Map<String, String> TELLING = Map.of("onSuccess", "delivered", "bounceProcessor", "bounces");

    private Stage stage;
    private ReceivingServer bank;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy("<domain name='bank.example'/>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    private static final String[][] BODIES = {
        {"a bare LF", "one\ntwo\r\n"},
        {"a bare CR", "one\rtwo\r\n"},
        {"LF dot LF", "one\n.\n" + SMUGGLED},
        {"CR dot CR", "one\r.\r" + SMUGGLED},
        {"LF dot CRLF", "one\n.\r\n" + SMUGGLED},
        {"CRLF dot LF", "one\r\n.\n" + SMUGGLED},
        {"CR dot CRLF", "one\r.\r\n" + SMUGGLED},
        {"CRLF dot CR", "one\r\n.\r" + SMUGGLED},
        {"CRLF dot CRLF", "one\r\n.\r\n" + SMUGGLED},
        {"CRLF dot CR CRLF", "one\r\n.\r\r\n" + SMUGGLED},
        {"CRLF NUL dot CRLF", "one\r\n\0.\r\n" + SMUGGLED},
        {"CRLF dot NUL CRLF", "one\r\n.\0\r\n" + SMUGGLED},
        {"a chunk inside", "one\r\nBDAT 0 LAST\r\n" + SMUGGLED},
        {"a dot alone", "."},
        {"a dot and a bare CR", ".\r"},
        {"nothing", ""},
        {"empty lines alone", "\r\n\n\r"},
        {"NUL", "a\0b\r\n\0\r\n"},
        {"no final line end", "one\r\ntwo"},
        {"a line of 100,000 octets", "x".repeat(100_000) + "\r\ny\r\n"},
        {"a line of 100,000 dots", ".".repeat(100_000)},
        {"CR at the end of each block", ("x".repeat(16_383) + "\r").repeat(5)},
        {"only lines of dots", ".\r\n..\r\n...\n.\r"},
    };

    private static final String[] LINE_BREAKS = {"\r\n", "\n", "\r", "\r\n.\r\n", "\n.\n", "\u0085", "\u2028"};

    @ParameterizedTest
    @EnumSource(Kind.class)
    void messageShouldArriveAsOneUnchangedButForLineEnds(Kind kind) throws Exception {
        start(kind);
        try (MailetContainer james = stage.james(TELLING)) {
            for (String[] row : BODIES) {
                onlyOneMail(row[0], () -> {
                    deliver(james, HEADER + row[1]);

                    assertThat(lastMessage().text())
                            .as(row[0])
                            .startsWith("Subject: one\r\n")
                            .endsWith("\r\n\r\n" + canonical(row[1]));
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyOctetShouldArriveAsItIsWhereTheHostTakesEightBits(Kind kind) throws Exception {
        StringBuilder all = new StringBuilder();
        for (char octet = 0; octet < 256; octet++) {
            all.append(octet).append(octet % 64 == 63 ? "\r\n" : "");
        }
        start(kind, "8BITMIME");
        try (MailetContainer james = stage.james(TELLING)) {
            onlyOneMail("every octet", () -> {
                deliver(james, HEADER + all);

                assertThat(lastMessage().text()).endsWith("\r\n\r\n" + canonical(all.toString()));
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void headerFieldsShouldNotReachTheCommands(Kind kind) throws Exception {
        start(kind, "8BITMIME");
        try (MailetContainer james = stage.james(TELLING)) {
            for (String lineBreak : LINE_BREAKS) {
                onlyOneMail(shown(lineBreak), () -> {
                    MimeMessage message = MailetContainer.message("Subject: one\r\n\r\nbody\r\n");
                    message.setHeader("X-Note", "x" + lineBreak + SMUGGLED);
                    message.setHeader("Message-ID", "<x" + lineBreak + "RSET" + lineBreak + "@sender.example>");
                    message.setHeader("Reply-To", "gr\u00fc\u00dfe" + lineBreak + "RSET@sender.example");
                    deliver(james, mail(message));
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void recipientThatIsMoreThanAnAddressShouldNotReachTheCommands(Kind kind) throws Exception {
        start(kind);
        try (MailetContainer james = stage.james(Map.of())) {
            for (String lineBreak : LINE_BREAKS) {
                onlyOneMail(shown(lineBreak), () -> {
                    MailImpl mail = mail(MailetContainer.message("Subject: one\r\n\r\nbody\r\n"));
                    mail.setRecipients(List.of(
                            new MailAddress("a@bank.example"),
                            new UnparsedAddress("b>" + lineBreak + "RCPT TO:<victim", Domain.of("bank.example"))));
                    Mail bounce = told(james, mail);

                    assertThat(lastMessage().recipients()).containsExactly("a@bank.example");
                    assertThat(bounce.getMessage().getHeader("RCPT TO")).isNull();
                    MimeMultipart report = (MimeMultipart) bounce.getMessage().getContent();
                    for (int i = 0; i < 2; i++) {
                        assertThat(text(report.getBodyPart(i)))
                                .as("part %d of the bounce, line break %s", i, shown(lineBreak))
                                .contains("b>")
                                .doesNotContainPattern("(?m)^RCPT");
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void senderThatIsMoreThanAnAddressShouldNotReachTheCommands(Kind kind) throws Exception {
        start(kind);
        try (MailetContainer james = stage.james(TELLING)) {
            for (String lineBreak : LINE_BREAKS) {
                MailImpl mail = mail(MailetContainer.message("Subject: one\r\n\r\nbody\r\n"));
                mail.setSender(new UnparsedAddress("s>" + lineBreak + "RCPT TO:<victim", Domain.of("sender.example")));

                assertThat(told(james, mail).getState()).as(shown(lineBreak)).isEqualTo("bounces");
            }
        }
        assertThat(bank.messages()).isEmpty();
        assertThat(commands()).allSatisfy(SmugglingTest::isOurs);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void envelopeIdThatIsMoreThanOneShouldNotReachTheCommands(Kind kind) throws Exception {
        start(kind, "DSN");
        try (MailetContainer james = stage.james(TELLING)) {
            for (String lineBreak : LINE_BREAKS) {
                MailImpl mail = mail(MailetContainer.message("Subject: one\r\n\r\nbody\r\n"));
                String envelopeId = "x" + lineBreak + "RCPT TO:<victim@bank.example>";
                mail.setAttribute(Attribute.convertToAttribute("dsn-envid", envelopeId));

                assertThat(told(james, mail).getState()).as(shown(lineBreak)).isIn("delivered", "bounces");
            }
        }
        assertThat(commands()).allSatisfy(SmugglingTest::isOurs);
    }

    private void start(Kind kind, String... further) {
        ReceivingServer.Builder host = stage.trustedFor("mx.bank.example").offering(further);
        bank = stage.mx("bank.example", kind.offeredBy(host));
    }

    private static MailImpl mail(MimeMessage message) throws Exception {
        return MailImpl.builder()
                .name("smuggling")
                .sender("sender@sender.example")
                .addRecipient("a@bank.example")
                .mimeMessage(message)
                .state("transport")
                .build();
    }

    private static void deliver(MailetContainer james, String message) throws Exception {
        deliver(james, mail(MailetContainer.message(message)));
    }

    private static void deliver(MailetContainer james, MailImpl mail) throws Exception {
        assertThat(told(james, mail).getState()).isEqualTo("delivered");
    }

    /** What James is told about a mail. */
    private static Mail told(MailetContainer james, MailImpl mail) throws Exception {
        int before = james.spooled().size();
        james.send(mail);
        Mail told = james.awaitSpooled(before + 1).get(before);
        james.awaitIdle();
        assertThat(james.spooled()).as("James is told once").hasSize(before + 1);
        return told;
    }

    private static String canonical(String text) {
        String canonical = text.replaceAll("\r\n|\r|\n", "\r\n");
        return canonical.isEmpty() || canonical.endsWith("\r\n") ? canonical : canonical + "\r\n";
    }

    private static String shown(String lineBreak) {
        return lineBreak.chars().mapToObj("%02x"::formatted).collect(Collectors.joining(" "));
    }

    private static String text(BodyPart part) throws Exception {
        return new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private ReceivedMessage lastMessage() {
        return bank.messages().get(bank.messages().size() - 1);
    }

    private interface Sending {
        void run() throws Exception;
    }

    private void onlyOneMail(String name, Sending sending) throws Exception {
        List<String> before = commands();
        int messages = bank.messages().size();
        sending.run();

        assertThat(bank.messages()).as(name).hasSize(messages + 1);
        List<String> commands = commands().subList(before.size(), commands().size());
        assertThat(commands).as(name).allSatisfy(SmugglingTest::isOurs);
        assertThat(commands)
                .as(name)
                .filteredOn(line -> line.startsWith("MAIL "))
                .hasSize(1);
        assertThat(commands)
                .as(name)
                .filteredOn(line -> line.startsWith("RCPT "))
                .hasSize(1);
    }

    private List<String> commands() {
        return bank.transcripts().stream()
                .map(Transcript::commands)
                .flatMap(List::stream)
                .toList();
    }

    private static void isOurs(String command) {
        assertThat(command)
                .matches("[ -~]*")
                .matches("(EHLO|STARTTLS$|MAIL FROM:<sender@|RCPT TO:<a@bank|DATA$|BDAT \\d+|RSET$|QUIT$).*")
                .doesNotContain("victim", "evil");
    }
}
