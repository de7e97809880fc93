package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext;
import org.jamestls.smtp.Capabilities;
import org.jamestls.smtp.MessageContent;
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
