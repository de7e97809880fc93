package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext;
import org.jamestls.smtp.Capabilities;
import org.jamestls.smtp.MessageContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages whose shape an attacker chose, on their way to a mail host without 8BITMIME. */
class MimeNestingTest {

    private static final Capabilities NOTHING = new Capabilities(Map.of());
    private static final Capabilities EIGHT_BIT = new Capabilities(Map.of("8BITMIME", List.of()));

    /** Multiparts, each in the one before it, around a line with an octet above 127. */
    static String nested(int depth) {
        StringBuilder message = new StringBuilder("Subject: nested\r\n");
        for (int level = 0; level < depth; level++) {
            message.append("Content-Type: multipart/mixed; boundary=b")
                    .append(level)
                    .append("\r\n\r\n--b")
                    .append(level)
                    .append("\r\n");
        }
        message.append(
                "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00e4\r\n");
        for (int level = depth - 1; level >= 0; level--) {
            message.append("--b").append(level).append("--\r\n");
        }
        return message.toString();
    }

    private static String besideEachOther(int parts) {
        return "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                + "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00e4\r\n"
                        .repeat(parts)
                + "--b--\r\n";
    }

    private static Mail mail(MimeMessage message) throws Exception {
        return FakeMail.builder().name("mail").mimeMessage(message).build();
    }

    private static MimeMessage message(String octets) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static MessageContent content(MimeMessage message, Capabilities offered) throws Exception {
        return MimeContent.of(mail(message), offered, FakeMailContext.defaultContext());
    }

    static Stream<Arguments> convertible() {
        return Stream.of(
                Arguments.of(nested(0), "no multipart at all"),
                Arguments.of(nested(1), "one"),
                Arguments.of(nested(MimeContent.DEEPEST), "as many as are let be"),
                Arguments.of(besideEachOther(10_000), "many beside each other"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("convertible")
    void messageShouldBeConverted(String octets, String why) throws Exception {
        MessageContent testee = content(message(octets), NOTHING);

        ByteArrayOutputStream written = new ByteArrayOutputStream();
        testee.writeTo(written);
        assertThat(testee.eightBit()).as(why).isFalse();
        assertThat(written.toString(StandardCharsets.US_ASCII)).contains("=E4");
    }

    static Stream<Integer> tooDeep() {
        return Stream.of(MimeContent.DEEPEST + 1, 1_200, 9_000);
    }

    @ParameterizedTest
    @MethodSource("tooDeep")
    void messageNestedTooDeepShouldNotBeConverted(int depth) {
        assertThatThrownBy(() -> content(message(nested(depth)), NOTHING))
                .isInstanceOf(UnconvertibleException.class)
                .hasMessageContaining("nested deeper than 100 parts")
                .hasMessageContaining("8BITMIME");
    }

    @Test
    void messageOfTooManyPartsShouldNotBeConverted() {
        assertThatThrownBy(() -> content(message(besideEachOther(MimeContent.MOST_DELIMITERS)), NOTHING))
                .isInstanceOf(UnconvertibleException.class)
                .hasMessageContaining("more than 20000 lines that may begin a part");
    }

    static Stream<Arguments> delimiters() {
        return Stream.of(
                Arguments.of("A: b\r\n\r\n--x\r\n--x--\r\n", 2, "two"),
                Arguments.of("A: b\n\n--x\n-\n--\n", 2, "bare line feeds, and a lone hyphen"),
                Arguments.of("A: b\r\n\r\n ---x\r\na--\r\n", 0, "hyphens that begin no line"),
                Arguments.of("A: b\r\n\r\n---- --\r\n", 1, "one line counts once"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("delimiters")
    void linesThatMayBeginAPartShouldBeCounted(String octets, int count, String why) throws Exception {
        assertThat(DelimiterLines.in(message(octets))).as(why).isEqualTo(count);
    }

    @ParameterizedTest
    @MethodSource("tooDeep")
    void messageNestedTooDeepShouldGoAsItIsToAHostWith8bitmime(int depth) throws Exception {
        MessageContent testee = content(message(nested(depth)), EIGHT_BIT);

        ByteArrayOutputStream written = new ByteArrayOutputStream();
        testee.writeTo(written);
        assertThat(written.toString(StandardCharsets.ISO_8859_1)).isEqualTo(nested(depth));
    }

    @Test
    void errorWhileTheMessageIsReadShouldBeTheTransactionsFailure() throws Exception {
        MimeMessage failing = new MimeMessage(message(nested(0))) {
            @Override
            public void writeTo(OutputStream out, String[] ignored) {
                throw new StackOverflowError("thrown");
            }
        };

        MessageContent testee = content(failing, NOTHING);

        assertThatThrownBy(() -> testee.writeTo(OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("thrown");
    }
}
