package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No regular expression of the main sources goes deeper into the stack with every character: a group that repeats and
 * can give back what it took does, and whoever writes a text of some thousand characters then ends a thread. Every
 * pattern in a constant is found and tried.
 */
class RegularExpressionsTest {

    private static final int LENGTH = 100_000;

    /** What expressions take in one step or another, to be repeated. */
    private static final List<String> UNITS = List.of(
            "a",
            "A",
            "1",
            "1.",
            ".a",
            "a.",
            "+2B",
            "+",
            "\\a",
            "\\\\",
            " ",
            "a ",
            "\t",
            "\u00e4",
            ":",
            "a:",
            "-",
            "_",
            "*.",
            "a1b2",
            "%",
            "=",
            "a+2B",
            "\ud83d\ude00");

    private static final List<Arguments> PATTERNS = new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests()).importPackages("org.jamestls").stream()
                    .map(JavaClass::getFields)
                    .flatMap(Set::stream)
                    .filter(field -> field.getRawType().isEquivalentTo(Pattern.class))
                    .map(RegularExpressionsTest::constant)
                    .toList();

    static List<Arguments> patterns() {
        return PATTERNS;
    }

    private static Arguments constant(JavaField declared) {
        try {
            Field field = declared.reflect();
            field.setAccessible(true);
            return Arguments.of(declared.getFullName(), field.get(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<String> texts() {
        return UNITS.stream()
                .map(unit -> unit.repeat(LENGTH / unit.length()))
                .flatMap(text -> Stream.of(text, "\"" + text + "\"", text + "\0", "a" + text, "2.1.1 " + text));
    }

    @Test
    void theKnownOnesShouldBeFound() {
        assertThat(PATTERNS).extracting(arguments -> arguments.get()[0]).contains("org.jamestls.smtp.XText.VALID");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("patterns")
    void noneShouldOverflowTheStack(String name, Pattern testee) {
        assertThatCode(() -> texts().forEach(text -> testee.matcher(text).matches()))
                .doesNotThrowAnyException();
    }
}
