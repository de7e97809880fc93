package org.jamestls.policyfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file is full of, eight times as much of it costs eight times the work, not sixty-four times. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PolicyFileGrowthTest {

    private static final int FACTOR = 8;
    private static final int TOLERANCE = 3;
    private static final int ROUNDS = 3;
    private static final String SETTINGS = "<mode>report</mode><certificateValidation>strong</certificateValidation>";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static Stream<Arguments> shapes() {
        return Stream.of(
                shape(
                        "unknown attributes of one element",
                        24,
                        n -> root(domain(attributes(n, 2000), "").repeat(20))),
                shape(
                        "unknown attributes of many elements",
                        20,
                        n -> root(domain(attributes(20, 2000), "").repeat(n))),
                shape("unknown elements", 1000, n -> root("<x/>".repeat(n))),
                shape("unknown elements in a domain", 1000, n -> root(domain("", "<x>y</x>".repeat(n)))),
                shape("elements in a value", 1000, n -> root(domain("", "<mode>" + "<x/>".repeat(n) + "</mode>"))),
                shape("texts where none may be", 1000, n -> root(domain("", "y<mode>report</mode>".repeat(n)))),
                shape(
                        "domains in domains",
                        1000,
                        n -> root("<x>" + domain("", "").repeat(n) + "</x>")),
                shape("one comment", 200_000, n -> root("<!--" + "a".repeat(n) + "--><x/>")),
                shape("comments before each fault", 1000, n -> root("<!-- a --><x/>".repeat(n))),
                shape("comments before a text", 20_000, n -> root("<!-- a -->".repeat(n) + "y")),
                shape(
                        "comments in a value",
                        20_000,
                        n -> root(domain("", "<mode>" + "<!-- a -->".repeat(n) + "y</mode>"))),
                shape("quotes in comments", 20_000, n -> root("<!-- \" ' <x> -->".repeat(n) + "<x/>")),
                shape("opening brackets in comments", 20_000, n -> root("<!-- <? <![CDATA[ -->".repeat(n) + "<x/>")),
                shape("one processing instruction", 200_000, n -> root("<?a " + "a".repeat(n) + "?><x/>")),
                shape("processing instructions", 20_000, n -> root("<?a a?>".repeat(n) + "<x/>")),
                shape("one CDATA section", 200_000, n -> root("<![CDATA[" + "a".repeat(n) + "]]><x/>")),
                shape("CDATA sections", 20_000, n -> root("<![CDATA[a]]>".repeat(n) + "<x/>")),
                shape(
                        "CDATA sections in a value",
                        20_000,
                        n -> root(domain("", "<mode>" + "<![CDATA[a]]>".repeat(n) + "</mode>"))),
                shape("one text", 200_000, n -> root("a".repeat(n) + "<x/>")),
                shape("white space", 200_000, n -> root(" ".repeat(n) + "<x/>")),
                shape("lines", 200_000, n -> root("\n".repeat(n) + "<x/>")),
                shape("references in a text", 20_000, n -> root("&amp;".repeat(n) + "<x/>")),
                shape("references in a value", 20_000, n -> root(domain("", "<mode>" + "&amp;".repeat(n) + "</mode>"))),
                shape("references in an attribute", 20_000, n -> root(domain("x='" + "&amp;".repeat(n) + "'", ""))),
                shape("one attribute's value", 200_000, n -> root(domain("x='" + "a".repeat(n) + "'", ""))),
                shape("lines in an attribute", 200_000, n -> root(domain("x='" + "\n".repeat(n) + "'", ""))),
                shape("one value", 200_000, n -> root(domain("", "<mode>" + "a".repeat(n) + "</mode>"))),
                shape("a value given many times", 1000, n -> root(domain("", "<mode>report</mode>".repeat(n)))),
                shape("a domain listed many times", 1000, n -> root("<domain name='a.example'/>".repeat(n))),
                shape("domains", 5000, n -> root(each(n, i -> "<domain name='d" + i + ".example'/>"))),
                shape(
                        "long domain names",
                        1000,
                        n -> root(each(n, i -> "<domain name='d" + i + ".a".repeat(115) + ".example'/>"))),
                shape("exclusions", 5000, n -> excluding("a.example", each(n, i -> sub("s" + i + ".a.example")))),
                shape(
                        "one exclusion many times",
                        5000,
                        n -> excluding("a.example", sub("s.a.example").repeat(n))),
                shape(
                        "exclusions elsewhere",
                        1000,
                        n -> excluding("a.example", each(n, i -> sub("s" + i + ".b.example")))),
                shape(
                        "exclusions many labels below",
                        1000,
                        n -> excluding("example", each(n, i -> sub("s" + i + ".a".repeat(110) + ".example")))),
                shape(
                        "exclusions of an ancestor's",
                        1000,
                        n -> root(domain(
                                        "a.example",
                                        "",
                                        "<excludedSubDomains>" + each(n, i -> sub("s" + i + ".b.a.example"))
                                                + "</excludedSubDomains>")
                                + domain("b.a.example", "", ""))),
                shape(
                        "trusted common names",
                        5000,
                        n -> root(domain(
                                "",
                                "<trustedCommonNames>" + each(n, i -> "<commonName>n" + i + ".example</commonName>")
                                        + "</trustedCommonNames>"))),
                shape(
                        "one trusted common name many times",
                        5000,
                        n -> root(domain(
                                "",
                                "<trustedCommonNames>" + "<commonName>n.example</commonName>".repeat(n)
                                        + "</trustedCommonNames>"))),
                shape(
                        "mail hosts",
                        5000,
                        n -> root(domain(
                                "",
                                "<mailHosts>" + each(n, i -> "<mailHost>n" + i + ".example</mailHost>")
                                        + "</mailHosts>"))),
                shape("what is malformed after many lines", 200_000, n -> root("\n".repeat(n) + "<")),
                shape("what is malformed after a long line", 200_000, n -> root(" ".repeat(n) + "<")),
                shape("what is no UTF-8 at the end", 200_000, n -> root(" ".repeat(n) + "\ud800")),
                shape(
                        "domains with settings",
                        2000,
                        n -> root(each(n, i -> domain("d" + i + ".example", "", SETTINGS)))),
                shape("what comes after the root", 200_000, n -> root("") + " ".repeat(n) + "<x/>"));
    }

    private static Arguments shape(String what, int size, IntFunction<String> file) {
        return Arguments.of(what, size, file);
    }

    private static String root(String inside) {
        return "<tlsEnforcement>" + inside + "</tlsEnforcement>";
    }

    private static String domain(String attributes, String inside) {
        return domain("a.example", attributes, inside);
    }

    private static String domain(String name, String attributes, String inside) {
        return "<domain name='" + name + "' " + attributes + ">" + inside + "</domain>";
    }

    private static String excluding(String name, String inside) {
        return root(domain(name, "", "<excludedSubDomains>" + inside + "</excludedSubDomains>"));
    }

    private static String sub(String name) {
        return "<subDomain>" + name + "</subDomain>";
    }

    private static String attributes(int count, int length) {
        return each(count, i -> " x" + i + "='" + "y".repeat(length) + "'");
    }

    private static String each(int count, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void workShouldGrowWithTheSize(String what, int size, IntFunction<String> file) {
        byte[] small = file.apply(size).getBytes(UTF_8);
        byte[] large = file.apply(size * FACTOR).getBytes(UTF_8);

        long before = leastWork(small);
        long after = leastWork(large);
        assertThat(after).as("%d ns, then %d ns", before, after).isLessThan(TOLERANCE * FACTOR * before);
    }

    private static long leastWork(byte[] file) {
        return IntStream.range(0, ROUNDS).mapToLong(round -> work(file)).min().orElseThrow();
    }

    /** What it costs to read a file and to find each error in it, or each setting of an accepted one, in ns of CPU. */
    private static long work(byte[] file) {
        long start = THREADS.getCurrentThreadCpuTime();
        try {
            LocatedPolicies accepted = PolicyFile.parseLocated("policy.xml", file);
            assertThat(accepted.positions(domains(accepted))).isNotEmpty();
        } catch (PolicyFileException rejected) {
            assertThat(rejected.errors()).isNotEmpty();
        }
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    private static List<DomainName> domains(LocatedPolicies policies) {
        return policies.table().policies().stream().map(DomainPolicy::domain).toList();
    }
}
