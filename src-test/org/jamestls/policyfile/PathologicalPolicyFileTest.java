package org.jamestls.policyfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files made to take time or memory are rejected at once, and as clearly as others. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PathologicalPolicyFileTest {

    private static final int MANY = 10_000_000;
    private static final String LAUGHS = "<!DOCTYPE lolz [<!ENTITY lol0 \"lol\">"
            + Stream.iterate(1, i -> i < 10, i -> i + 1)
                    .map(i -> "<!ENTITY lol" + i + " \"" + ("&lol" + (i - 1) + ";").repeat(10) + "\">")
                    .reduce("", String::concat)
            + "]>\n<tlsEnforcement>&lol9;</tlsEnforcement>";

    private static String domain(String name, String inside) {
        return "<tlsEnforcement><domain name='" + name + "'>" + inside + "</domain></tlsEnforcement>";
    }

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("billion laughs", LAUGHS, "1:1: a document type"),
                Arguments.of(
                        "quadratic blow-up", LAUGHS.replace("lol\"", "l".repeat(MANY) + "\""), "1:1: a document type"),
                Arguments.of("deep nesting", "<a>".repeat(MANY / 3), "1:1: unknown element <a>"),
                Arguments.of(
                        "deep nesting in a value",
                        domain("a.example", "<staticRoute>" + "<a>".repeat(MANY / 3)),
                        "nested more than 100 deep"),
                Arguments.of("long text where none may be", domain("a.example", "x".repeat(MANY)), "1:42: text 'xxx"),
                Arguments.of(
                        "long value",
                        domain("a.example", "<mailDelivery>" + "x".repeat(MANY) + "</mailDelivery>"),
                        "1:56: the value of <mailDelivery> is longer than 4096"),
                Arguments.of(
                        "long white space",
                        domain("a.example", "<mailDelivery>" + " ".repeat(MANY) + "</mailDelivery>"),
                        "the value of <mailDelivery> is longer than 4096"),
                Arguments.of("long domain name", domain("x".repeat(MANY), ""), "is longer than 253 characters"),
                Arguments.of("long U-label", domain("\u00fc".repeat(MANY), ""), "cannot be converted to A-labels"),
                Arguments.of(
                        "long element name",
                        "<tlsEnforcement><" + "x".repeat(MANY) + "/></tlsEnforcement>",
                        "malformed XML: "),
                Arguments.of("long attribute name", "<tlsEnforcement " + "x".repeat(MANY) + "=''/>", "malformed XML: "),
                Arguments.of(
                        "long comment without an end", "<tlsEnforcement><!--" + "-".repeat(MANY), "malformed XML: "),
                Arguments.of("many attributes", "<tlsEnforcement " + attributes(20_000) + "/>", "malformed XML: "),
                Arguments.of(
                        "many long attributes of many elements",
                        "<tlsEnforcement>" + ("<domain name='a.example'" + longAttributes() + "/>").repeat(60)
                                + "</tlsEnforcement>",
                        "1:42: unknown attribute x0 of <domain>"),
                Arguments.of(
                        "many faults",
                        "<tlsEnforcement>" + "<x/>".repeat(MANY / 4) + "</tlsEnforcement>",
                        "1:17: unknown element <x>"),
                Arguments.of(
                        "many contradictions",
                        "<tlsEnforcement>" + "<domain name='a.example'/>".repeat(MANY / 100) + "</tlsEnforcement>",
                        "1:43: a.example is listed twice"),
                Arguments.of("one long line of NUL", "\0".repeat(MANY), "malformed XML: "));
    }

    private static String attributes(int count) {
        StringBuilder attributes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            attributes.append("a").append(i).append("='' ");
        }
        return attributes.toString();
    }

    /** As many as Java 25 reads, which has 200 at most. */
    private static String longAttributes() {
        return IntStream.range(0, 190)
                .mapToObj(i -> " x" + i + "='" + "y".repeat(2000) + "'")
                .collect(Collectors.joining());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void parseShouldRejectAtOnce(String what, String content, String expected) {
        PolicyFileException rejection = catchThrowableOfType(
                PolicyFileException.class, () -> PolicyFile.parse("policy.xml", content.getBytes(UTF_8)));

        List<PolicyFileError> errors = rejection.errors();
        assertThat(errors).hasSizeLessThanOrEqualTo(FaultCollector.CAPACITY);
        assertThat(errors).anySatisfy(error -> assertThat(error.toString()).contains(expected));
        assertThat(rejection.getMessage()).hasSizeLessThan(20_000);
    }
}
