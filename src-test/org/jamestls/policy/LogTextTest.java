package org.jamestls.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogTextTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("mx.bank.example", "mx.bank.example", "a name"),
                Arguments.of("user+tag@bank.example", "user+tag@bank.example", "an address"),
                Arguments.of("[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]", "an address literal"),
                Arguments.of("", "\"\"", "nothing"),
                Arguments.of("two words", "\"two words\"", "more than one word"),
                Arguments.of("verdict=satisfied", "\"verdict=satisfied\"", "what looks like a pair"),
                Arguments.of("x\" verdict=satisfied", "\"x\\u0022 verdict=satisfied\"", "what would end the quote"),
                Arguments.of("x' verdict=satisfied", "\"x' verdict=satisfied\"", "another quote"),
                Arguments.of("a, b", "\"a, b\"", "what would end an item of a list"),
                Arguments.of("a\r\nb", "\"a\\u000d\\u000ab\"", "a line break"),
                Arguments.of("\u001b[2J", "\"\\u001b[2J\"", "a terminal control"),
                Arguments.of("\u202egpj", "\"\\u202egpj\"", "a direction mark"),
                Arguments.of(
                        "b\u00fccher", "\"b\\u00fccher\"", "a letter beyond ASCII, which a log's charset may not have"),
                Arguments.of("x\\u001b", "\"x\\u001b\"", "what was cleaned before"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("texts")
    void wordShouldHaveQuotesWhereItIsNone(String text, String shown, String why) {
        assertThat(LogText.word(text)).isEqualTo(shown);
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("texts")
    void quoteShouldEndWhereTheTextEnds(String text, String shown, String why) {
        assertThat(LogText.quoted(text)).matches("\"[ !#-~]*\"");
    }
}
