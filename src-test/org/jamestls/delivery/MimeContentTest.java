package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext;
import org.jamestls.smtp.Capabilities;
import org.jamestls.smtp.MessageContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MimeContentTest {

    private static final Capabilities EIGHT_BIT = new Capabilities(Map.of("8BITMIME", List.of()));

    static Stream<Arguments> messages() {
        String umlaut = utf8("\u00e4");
        return Stream.of(
                Arguments.of("Subject: x\r\n\r\nbody", false, false, "ASCII"),
                Arguments.of("Subject: " + umlaut + "\r\n\r\nbody", true, true, "UTF-8 in the header"),
                Arguments.of("Subject: " + utf8("\ud83d\ude00") + "\n\nbody", true, true, "four octets, bare LF"),
                Arguments.of("A: b\r\nSubject: x\r\n " + umlaut + "\r\n\r\nbody", true, true, "in a folded line"),
                Arguments.of("Subject: x\r\n\r\n" + umlaut, true, false, "UTF-8 in the body"),
                Arguments.of("Subject: x\r\n\r\nA: " + umlaut + "\r\n", true, false, "what looks like a field"),
                Arguments.of("Subject: \u00e4\r\n\r\nbody", true, false, "ISO 8859-1 in the header"),
                Arguments.of("A: \u00c3\r\nB: \u00a4\r\n\r\nbody", true, false, "a character torn apart"),
                Arguments.of("A: \u00c3 \u00a4\r\n\r\nbody", true, false, "a character torn apart by a space"));
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** James 3.8.1 does it when it writes a message anywhere, to its queue to begin with. */
    @Test
    void utf8InAHeaderFieldShouldBeLostInJames() throws Exception {
        String octets = "Subject: " + utf8("\u00e4") + "\r\n\r\n" + utf8("\u00e4");
        MailImpl mail = MailImpl.builder()
                .name("mail")
                .mimeMessage(new MimeMessageWrapper(MimeMessageInputStreamSource.create(
                        "mail", new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)))))
                .build();
        try {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            MessageContent testee = MimeContent.of(mail, EIGHT_BIT, FakeMailContext.defaultContext());
            testee.writeTo(sent);

            assertThat(testee.utf8Header()).isFalse();
            assertThat(sent.toString(StandardCharsets.ISO_8859_1))
                    .contains("Subject: ??\r\n")
                    .endsWith("\r\n\r\n" + utf8("\u00e4"));
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    static Stream<Arguments> eightBitMessages() {
        String text = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n";
        String body = "\r\n" + utf8("\u00e4") + "\r\n";
        String multipart = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + text + body
                + "--b\r\n" + text + body + "--b--\r\n";
        return Stream.of(
                Arguments.of("Message-ID: <original-1@sender.example>\r\n" + text + body, "one part"),
                Arguments.of("Message-ID:\r\n <original-1@sender.example>\r\n" + text + body, "a folded field"),
                Arguments.of("Message-Id: <original-1@sender.example>\r\n" + text + body, "another case"),
                Arguments.of("Message-ID: original-1@sender.example\r\n" + text + body, "no angle brackets"),
                Arguments.of("Message-ID: <original-1@sender.example>\r\n" + multipart, "nested parts"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("eightBitMessages")
    void messageIdShouldStayWhenAMessageIsConvertedToSevenBits(String octets, String why) throws Exception {
        MimeMessage message = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)));
        MailImpl mail = MailImpl.builder().name("mail").mimeMessage(message).build();
        try {
            MessageContent testee = MimeContent.of(mail, new Capabilities(Map.of()), FakeMailContext.defaultContext());
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            testee.writeTo(sent);

            assertThat(testee.eightBit()).isFalse();
            String id = octets.substring(0, octets.indexOf(".example") + 8);
            assertThat(sent.toString(StandardCharsets.ISO_8859_1))
                    .contains(id)
                    .containsOnlyOnce("riginal-1@")
                    .contains("=C3=A4");
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("messages")
    void contentShouldTellWhatItNeedsOfTheHost(String octets, boolean eightBit, boolean utf8Header, String why)
            throws Exception {
        MimeMessage message = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)));
        FakeMail mail = FakeMail.builder().name("mail").mimeMessage(message).build();

        MessageContent testee = MimeContent.of(mail, EIGHT_BIT, FakeMailContext.defaultContext());

        assertThat(testee.eightBit()).as(why).isEqualTo(eightBit);
        assertThat(testee.utf8Header()).as(why).isEqualTo(utf8Header);
    }
}
