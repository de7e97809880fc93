package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the message looks like on the wire, without the final dot. In the tables, r is CR, n is LF and _ is nothing. */
class MessageLinesTest {

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource({
        "arn,        arn,          canonical already",
        "arnbrn,     arnbrn,       two lines",
        "a,          arn,          the last line gets its end",
        "_,          _,            an empty message stays empty",
        "rn,         rn,           one empty line",
        "arnrnrn,    arnrnrn,      empty lines at the end stay",
        "an,         arn,          a bare LF",
        "ar,         arn,          a bare CR",
        "anb,        arnbrn,       a bare LF between lines",
        "arb,        arnbrn,       a bare CR between lines",
        "anr,        arnrn,        LF CR are two line ends",
        "arrn,       arnrn,        CR CRLF are two line ends",
        "annb,       arnrnbrn,     two bare LF",
        "arrb,       arnrnbrn,     two bare CR",
        "., ..rn, a dot alone",
        ".rn, ..rn, a line that would end the message",
        "..rn, ...rn, two dots",
        ".arn, ..arn, a line that begins with a dot",
        "arn.rn, arn..rn, the end in the middle",
        "arn.rnb, arn..rnbrn, the end before another line",
        "a.rn, a.rn, a dot elsewhere",
        "arn.b.crn, arn..b.crn, the first dot alone",
        "an.nb, arn..rnbrn, LF dot LF (smuggling)",
        "ar.rb, arn..rnbrn, CR dot CR (smuggling)",
        "an.rnb, arn..rnbrn, LF dot CRLF (smuggling)",
        "arn.nb, arn..rnbrn, CRLF dot LF (smuggling)",
        "arn.rb, arn..rnbrn, CRLF dot CR (smuggling)",
        "ar.rnb, arn..rnbrn, CR dot CRLF (smuggling)",
        "anr.rnb, arnrn..rnbrn, LF CR dot CRLF (smuggling)",
        "arnr.rnb, arnrn..rnbrn, CRLF CR dot CRLF (smuggling)",
        "arrn.rnb, arnrn..rnbrn, CR CRLF dot CRLF (smuggling)"
    })
    void shouldBeExactOnTheWireHoweverItIsWritten(String message, String expected, String why) throws IOException {
        byte[] octets = octets(message);

        assertThat(readable(written(octets, octets.length, new Random(0))))
                .as(why + ", at once")
                .isEqualTo(expected);
        assertThat(readable(written(octets, 1, new Random(0))))
                .as(why + ", octet by octet")
                .isEqualTo(expected);
        for (int seed = 0; seed < 20; seed++) {
            assertThat(readable(written(octets, 3, new Random(seed))))
                    .as(why + ", in pieces, seed " + seed)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 5000})
    void shouldAgreeWithTheDefinitionForAnyMessage(int longestPiece) throws IOException {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            StringBuilder message = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                message.append("\r\n..ab\u00ff\0".charAt(random.nextInt(8)));
            }
            byte[] octets = message.toString().getBytes(StandardCharsets.ISO_8859_1);

            assertThat(written(octets, longestPiece, random))
                    .as("seed %d", seed)
                    .isEqualTo(byDefinition(message.toString()).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static String byDefinition(String message) {
        String canonical = message.replaceAll("\r\n|\r|\n", "\r\n");
        String ended = canonical.isEmpty() || canonical.endsWith("\r\n") ? canonical : canonical + "\r\n";
        return ended.replaceAll("(?<=^|\n)\\.", "..");
    }

    private static byte[] written(byte[] message, int longestPiece, Random random) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        CanonicalLineEnds testee = new CanonicalLineEnds(new DotStuffing(wire));
        for (int from = 0; from < message.length; ) {
            int length = Math.min(1 + random.nextInt(longestPiece), message.length - from);
            if (length == 1) {
                testee.write(message[from]);
            } else {
                testee.write(message, from, length);
            }
            from += length;
        }
        testee.write(message, 0, 0);
        testee.finish();
        return wire.toByteArray();
    }

    private static byte[] octets(String row) {
        return row.replace("_", "").replace('r', '\r').replace('n', '\n').getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String readable(byte[] wire) {
        String text =
                new String(wire, StandardCharsets.ISO_8859_1).replace('\r', 'r').replace('\n', 'n');
        return text.isEmpty() ? "_" : text;
    }
}
