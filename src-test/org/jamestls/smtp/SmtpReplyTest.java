package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpReplyTest {

    @ParameterizedTest(name = "{0} {1} -> {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "550 | 5.1.1 no such user       | 5.1.1   | at the start of the text (RFC 2034 §4)",
                "450 | 4.7.1                    | 4.7.1   | nothing behind it",
                "550 | 5.123.999 x              | 5.123.999 | three digits each (RFC 3463 §2)",
                "550 | no such user 5.1.1       | 5.0.0   | further back it is only text",
                "550 | 4.7.1 try later          | 5.0.0   | its class contradicts the reply code",
                "450 | 5.1.1 no such user       | 4.0.0   | its class contradicts the reply code",
                "550 | 5.1.1x                   | 5.0.0   | no space behind it",
                "550 | 5.1.1.1 x                | 5.0.0   | four parts",
                "550 | 5.1 x                    | 5.0.0   | two parts",
                "550 | 5.1234.1 x               | 5.0.0   | four digits",
                "550 | ' 5.1.1 x'               | 5.0.0   | not at the start",
                "250 | 2.1.5 ok                 | 2.1.5   | positive replies have one too",
                "354 | 3.0.0 go ahead           | 3.0.0   | no class 3 exists; the undefined one of the reply stands in",
            })
    void shouldFindEnhancedCode(int code, String text, String expected, String why) {
        assertThat(SmtpReply.of(code, List.of(text)).statusCode()).as(why).hasToString(expected);
    }

    @Test
    void shouldLookForEnhancedCodeInTheFirstLineAlone() {
        assertThat(SmtpReply.of(550, List.of("no", "5.1.1 such user")).enhancedCode())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "421, true, false",
        "450, true, false",
        "499, true, false",
        "500, false, true",
        "554, false, true",
        "250, false, false",
        "354, false, false"
    })
    void shouldTellTemporaryFromPermanent(int code, boolean temporary, boolean permanent) {
        SmtpReply testee = SmtpReply.of(code, List.of("x"));

        assertThat(testee.isTemporary()).isEqualTo(temporary);
        assertThat(testee.isPermanent()).isEqualTo(permanent);
    }

    @Test
    void shouldShowNoMoreThan256Characters() {
        assertThat(SmtpReply.of(550, List.of("x".repeat(3000), "y".repeat(3000)))
                        .text())
                .hasSize(256);
    }

    @Test
    void failuresAndOutcomesShouldKeepNoMoreOfAReplyThanIsShown() {
        List<String> longest = Collections.nCopies(ReplyReader.MAX_LINES, "5.1.1 " + "x".repeat(4084));
        SmtpReply reply = SmtpReply.of(550, longest);
        long kept = IntStream.range(0, 5_000)
                .mapToObj(i -> new SmtpFailure.Refused(SmtpStep.RCPT, reply))
                .flatMap(refused -> refused.refusal().lines().stream())
                .mapToLong(String::length)
                .sum();

        assertThat(kept).as("characters for 5,000 recipients").isLessThan(2_000_000);
        assertThat(new TransactionOutcome.Delivered(List.of(), reply, Map.of())
                        .reply()
                        .lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(300));
    }

    @Test
    void abridgedReplyShouldShowTheSame() {
        for (String text : List.of("short", "x".repeat(256), "x".repeat(257), "\u00e4".repeat(300), "\\".repeat(200))) {
            SmtpReply testee = SmtpReply.of(550, List.of("5.7.1 " + text, text));

            assertThat(testee.abridged()).hasToString(testee.toString());
            assertThat(testee.abridged().statusCode()).isEqualTo(testee.statusCode());
        }
    }
}
