package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "250 ok~                  | 250 | ok          | the usual reply",
                "250~                     | 250 | ''          | a code alone (RFC 5321 §4.2)",
                "250 ~                    | 250 | ''          | an empty text",
                "250-one~250 two~         | 250 | one two     | several lines",
                "250-~250-~250~           | 250 | '  '        | several empty lines",
                "250 bare LF^             | 250 | bare LF     | a line that ends with LF alone",
                "554 a@b~                 | 554 | a\\u0000b   | NUL, escaped when shown",
                "554 x\u001b[31m~         | 554 | x\\u001b[31m| a terminal's control sequence, escaped",
                "554 x\\y~                | 554 | x\\\\y      | a backslash, doubled",
                "599 unknown~             | 599 | unknown     | a code of no RFC within the classes",
            })
    void shouldReadReply(String wire, int code, String text, String why) throws IOException {
        SmtpReply reply = reader(onTheWire(wire)).read();

        assertThat(reply.code()).as(why).isEqualTo(code);
        assertThat(reply.text()).as(why).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "~",
                "25~",
                "abc hello~",
                "2x0 ok~",
                "150 preliminary~",
                "650 beyond~",
                "000 zero~",
                "2500 four digits~",
                "250_ok~",
                " 250 ok~",
                "250-one~251 two~",
                "250-one~two~",
                "HTTP/1.1 400 Bad Request~",
                "\u0662\u0665\u0660 other digits~"
            })
    void shouldRejectWhatIsNoReply(String wire) {
        assertThatThrownBy(() -> reader(onTheWire(wire)).read()).isInstanceOf(MalformedReplyException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "250", "250 ok", "250-one~", "250-one~250 two"})
    void shouldNotTakeCutOffReplyForAReply(String wire) {
        assertThatThrownBy(() -> reader(onTheWire(wire)).read()).isInstanceOf(EOFException.class);
    }

    @Test
    void shouldReadLongestLine() throws IOException {
        String text = "x".repeat(ReplyReader.MAX_LINE - 5);

        assertThat(reader("250 " + text + "\r\n").read().lines()).containsExactly(text);
    }

    @Test
    void shouldRejectLineWithoutEnd() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return '2';
            }
        };

        assertThatThrownBy(() -> new ReplyReader(endless).read())
                .isInstanceOf(MalformedReplyException.class)
                .hasMessageContaining("4096 octets");
    }

    @Test
    void shouldReadAsManyLinesAsAreAllowed() throws IOException {
        String reply = "250-x\r\n".repeat(ReplyReader.MAX_LINES - 1) + "250 last\r\n";

        assertThat(reader(reply).read().lines()).hasSize(ReplyReader.MAX_LINES);
    }

    @Test
    void shouldRejectReplyWithoutEnd() {
        assertThatThrownBy(() -> reader("250-x\r\n".repeat(10_000)).read())
                .isInstanceOf(MalformedReplyException.class)
                .hasMessageContaining("128 lines");
    }

    @Test
    void shouldReadTheSameHoweverRepliesAreCut() throws IOException {
        String wire = "220 mx ESMTP\r\n250-mx\r\n250-SIZE 1000\r\n250 AUTH PLAIN\n354\r\n550 5.1.1 n\u00f6\r\n";
        List<String> expected = List.of("220 mx ESMTP", "250 mx SIZE 1000 AUTH PLAIN", "354 ", "550 5.1.1 n\\u00f6");

        for (int seed = 0; seed < 500; seed++) {
            ReplyReader testee = new ReplyReader(inPieces(wire, new Random(seed)));
            for (String reply : expected) {
                assertThat(testee.read()).as("seed %d", seed).hasToString(reply);
            }
            assertThat(testee.hasUnread()).as("seed %d", seed).isFalse();
        }
    }

    @Test
    void shouldEndInAReplyOrAnExceptionWhateverArrives() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[random.nextInt(200)];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (byte) "250 -\r\n\0x\u00ff".charAt(random.nextInt(10));
            }
            ReplyReader testee = new ReplyReader(new ByteArrayInputStream(noise));
            try {
                assertThat(testee.read().code()).as("seed %d", seed).isBetween(200, 599);
            } catch (IOException e) {
                assertThat(e).as("seed %d", seed).isInstanceOfAny(MalformedReplyException.class, EOFException.class);
            }
        }
    }

    @Test
    void shouldKnowWhatArrivedBehindTheReply() throws IOException {
        ReplyReader testee = reader("220 ready\r\n250 injected\r\n");
        testee.read();

        assertThat(testee.hasUnread()).isTrue();
        assertThat(testee.unread()).isEqualTo("250 injected\r\n");
    }

    private static String onTheWire(String row) {
        return row.replace("~", "\r\n").replace('^', '\n').replace('@', '\0');
    }

    private static ReplyReader reader(String wire) {
        return new ReplyReader(new ByteArrayInputStream(wire.getBytes(StandardCharsets.UTF_8)));
    }

    private static InputStream inPieces(String wire, Random random) {
        return new ByteArrayInputStream(wire.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] octets, int offset, int length) {
                return super.read(octets, offset, Math.min(length, 1 + random.nextInt(7)));
            }
        };
    }
}
