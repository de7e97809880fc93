package org.jamestls.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DomainNameTest {

    private static final String LABEL_63 = "a".repeat(63);
    private static final String NAME_253 = String.join(".", LABEL_63, LABEL_63, LABEL_63, "a".repeat(61));

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("bank.example", "bank.example", "as it is compared"),
                Arguments.of("BANK.Example", "bank.example", "names are compared in lower case"),
                Arguments.of("bank.example.", "bank.example", "a trailing dot does not count"),
                Arguments.of("b\u00fccher.example", "xn--bcher-kva.example", "U-label becomes A-label"),
                Arguments.of("B\u00dcCHER.example", "xn--bcher-kva.example", "U-label in upper case"),
                Arguments.of("bu\u0308cher.example", "xn--bcher-kva.example", "decomposed U-label"),
                Arguments.of("xn--bcher-kva.example", "xn--bcher-kva.example", "A-label stays"),
                Arguments.of("xn--strae-oqa.example", "xn--strae-oqa.example", "A-label of IDNA 2008 stays"),
                Arguments.of(
                        "\u4f8b\u3048\u3002\u30c6\u30b9\u30c8",
                        "xn--r8jz45g.xn--zckzah",
                        "ideographic full stop (RFC 3490 \u00a73.1)"),
                Arguments.of("example", "example", "a top-level domain"),
                Arguments.of("3com.example", "3com.example", "digit first (RFC 1123 \u00a72.1)"),
                Arguments.of("1.2.3.4.example", "1.2.3.4.example", "only the last label may not be a number"),
                Arguments.of("a--b.example", "a--b.example", "hyphens inside"),
                Arguments.of(LABEL_63 + ".example", LABEL_63 + ".example", "longest label"),
                Arguments.of(NAME_253, NAME_253, "longest name"),
                Arguments.of(NAME_253 + ".", NAME_253, "longest name with a trailing dot"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("names")
    void parseShouldGiveTheComparedForm(String written, String expected, String why) {
        assertThat(DomainName.parse(written)).hasToString(expected).isEqualTo(DomainName.parse(expected));
    }

    static Stream<Arguments> noNames() {
        return Stream.of(
                Arguments.of("", "is not a domain name", "empty"),
                Arguments.of(".", "is not a domain name", "the root is no mail domain"),
                Arguments.of("bank..example", "is not a domain name", "empty label"),
                Arguments.of(".bank.example", "is not a domain name", "empty first label"),
                Arguments.of("bank.example..", "is not a domain name", "two trailing dots"),
                Arguments.of("-bank.example", "is not a domain name", "hyphen first"),
                Arguments.of("bank-.example", "is not a domain name", "hyphen last"),
                Arguments.of("a_b.example", "'_' cannot occur", "RFC 5321 \u00a74.1.2"),
                Arguments.of("*.example", "is not a domain name", "wildcard"),
                Arguments.of("bank example", "is not a domain name", "blank"),
                Arguments.of(" bank.example", "is not a domain name", "blank around"),
                Arguments.of("joe@bank.example", "is not a domain name", "mail address"),
                Arguments.of("192.0.2.1", "its last label is a number", "address"),
                Arguments.of("bank.1", "its last label is a number", "RFC 3696 \u00a72"),
                Arguments.of("[192.0.2.1]", "is not a domain name", "address literal"),
                Arguments.of("2001:db8::1", "is not a domain name", "IPv6 address"),
                Arguments.of(LABEL_63 + "a.example", "is not a domain name", "64 characters in a label"),
                Arguments.of(NAME_253 + "a", "is longer than 253 characters", "254 characters"),
                Arguments.of(
                        "\u00fc".repeat(254), "is longer than 253 characters", "254 characters before the conversion"),
                Arguments.of(
                        "\u00fc".repeat(60) + ".example", "cannot be converted", "A-label of more than 63 characters"),
                Arguments.of("stra\u00dfe.example", "write the A-label", "\u00df: IDNA 2003 has ss, 2008 keeps it"),
                Arguments.of("STRA\u1e9eE.example", "write the A-label", "capital sharp s"),
                Arguments.of("\u03bb\u03cc\u03b3\u03bf\u03c2.example", "write the A-label", "final sigma"),
                Arguments.of("a\u200cb.example", "write the A-label", "ZWNJ"),
                Arguments.of("a\u200db.example", "write the A-label", "ZWJ"),
                Arguments.of("a\u2028b.example", "\\u2028", "no line break gets into a message"),
                Arguments.of("b\u00fccher .example", "cannot be converted", "blank in a U-label"),
                Arguments.of("\ud800.example", "cannot be converted", "half a surrogate pair"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("noNames")
    void parseShouldThrow(String written, String message, String why) {
        assertThatThrownBy(() -> DomainName.parse(written))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(message);
    }

    @Test
    void parseDnsShouldAcceptAnUnderscore() {
        assertThat(DomainName.parseDns("_mx.Bank.example.")).hasToString("_mx.bank.example");
    }

    @ParameterizedTest(name = "{0} is below {1}: {2}")
    @CsvSource(textBlock = """
            a.bank.example,   bank.example, true
            b.a.bank.example, bank.example, true
            bank.example,     bank.example, false
            otherbank.example, bank.example, false
            bank.example,     a.bank.example, false
            bank.example,     other.example, false
            """)
    void isBelowShouldMeanAProperSubDomain(String name, String ancestor, boolean expected) {
        assertThat(DomainName.parse(name).isBelow(DomainName.parse(ancestor))).isEqualTo(expected);
    }

    @Test
    void parentShouldBeTheNameWithoutItsFirstLabel() {
        assertThat(DomainName.parse("a.bank.example").parent()).contains(DomainName.parse("bank.example"));
        assertThat(DomainName.parse("example").parent()).isEmpty();
    }

    @Test
    void namesShouldSortAsTexts() {
        assertThat(DomainName.parse("a.example")).isLessThan(DomainName.parse("b.example"));
    }
}
