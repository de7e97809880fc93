package org.jamestls.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.EnforcementMode;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.MailHostPattern;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.policyfile.PolicyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImportCommandTest {

    @TempDir
    private Path directory;

    private Path csv(String content) throws IOException {
        return Files.writeString(directory.resolve("domains.csv"), content);
    }

    private static PolicyTable table(Run run) throws Exception {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return PolicyFile.parse("imported.xml", run.out().getBytes(UTF_8));
    }

    private static DomainPolicy policy(PolicyTable table, String domain) {
        return table.ownPolicy(DomainName.parse(domain)).orElseThrow();
    }

    @Test
    void everySettingShouldReachThePolicyFile() throws Exception {
        Path csv = csv("\ufeffa.example\r\n"
                + "B.Example., strong ,[2001:db8::1]:2525,\"mx.hosting.example; Smith, Jones & \"\"Sons\"\" <Mail>\","
                + "lists.b.example;old.b.example\r\n"
                + "\r\n  \r\n,,,,\r\n"
                + "b\u00fccher.example,relaxed,,,\r\n"
                + "d.example,,gate.d.example\r\n"
                + "e.example,,,,,report,mx.e.example;*.mail.e.example\r\n"
                + "f.example,,,,,enforce");

        PolicyTable table = table(Run.of("import", csv));

        assertThat(table.policies()).hasSize(6);
        assertThat(policy(table, "e.example").mode()).isEqualTo(EnforcementMode.REPORT);
        assertThat(((MailDelivery.InboundRoute) policy(table, "e.example").mailDelivery()).mailHosts())
                .extracting(MailHostPattern::toString)
                .containsExactly("mx.e.example", "*.mail.e.example");
        assertThat(policy(table, "f.example")).isEqualTo(DomainPolicy.withDefaults(DomainName.parse("f.example")));
        assertThat(policy(table, "a.example")).isEqualTo(DomainPolicy.withDefaults(DomainName.parse("a.example")));
        DomainPolicy b = policy(table, "b.example");
        assertThat(((CertificateValidation.Strong) b.certificateValidation()).trustedCommonNames())
                .extracting(TrustedCommonName::written)
                .containsExactly("mx.hosting.example", "Smith, Jones & \"Sons\" <Mail>");
        assertThat(b.mailDelivery()).isEqualTo(MailDelivery.StaticRoute.parse("[2001:db8::1]:2525"));
        assertThat(b.excludedSubDomains())
                .extracting(DomainName::text)
                .containsExactly("lists.b.example", "old.b.example");
        assertThat(policy(table, "xn--bcher-kva.example").certificateValidation())
                .isEqualTo(CertificateValidation.RELAXED);
        assertThat(policy(table, "d.example").mailDelivery())
                .isEqualTo(MailDelivery.StaticRoute.parse("gate.d.example:25"));
    }

    @Test
    void headerShouldNameTheColumns() throws Exception {
        Path csv = csv("Trusted Names,Domain,Route\nmx.hosting.example,a.example,192.0.2.1\n");

        DomainPolicy a = policy(table(Run.of("import", csv)), "a.example");

        assertThat(((CertificateValidation.Strong) a.certificateValidation()).trustedCommonNames())
                .extracting(TrustedCommonName::written)
                .containsExactly("mx.hosting.example");
        assertThat(a.mailDelivery()).isEqualTo(MailDelivery.StaticRoute.parse("192.0.2.1:25"));
    }

    static Stream<Arguments> wrongLines() {
        return Stream.of(
                arguments("a.example\n-bad.example", 2, "is not a domain name", "a bad domain"),
                arguments("a.example\r\n\r\n\r\nb..example", 4, "is not a domain name", "after empty lines, with CRLF"),
                arguments("a.example,,192.0.2.25:99999", 1, "port", "a bad route"),
                arguments("a.example,,mx.a.example:smtp", 1, "port", "a port by its name"),
                arguments(
                        "a.example\nb.example\nA.Example.",
                        3,
                        "a.example is listed twice; write one entry for it" + " (listed in line 1)",
                        "a duplicate"),
                arguments("a.example,strict", 1, "unknown validation 'strict'; write strong or relaxed", "validation"),
                arguments(
                        "a.example,relaxed,,mx.b.example",
                        1,
                        "trusted names under relaxed validation",
                        "contradiction"),
                arguments("a.example,,,,b.example", 1, "is not below it", "an exclusion elsewhere"),
                arguments("a.example,,,,b.a.example\nb.a.example", 1, "(listed in line 2)", "excluded and listed"),
                arguments(",strong", 1, "the domain is missing", "no domain"),
                arguments("a.example,,,,,,,", 1, "8 cells where 7 are the most", "too many cells"),
                arguments("a.example,,,,,testing", 1, "unknown mode 'testing'; write enforce or report", "mode"),
                arguments("a.example,,,,,,mx.*.example", 1, "is not a mail host", "a bad mail host"),
                arguments(
                        "a.example,,192.0.2.1,,,,mx.a.example",
                        1,
                        "mail hosts beside a route",
                        "a route asks the DNS for no mail host"),
                arguments("domain,colour\na.example,red", 1, "unknown column 'colour'", "an unknown column"),
                arguments("domain,domain\na.example", 1, "a column is named twice", "a column twice"),
                arguments("a.example\nb.example,\"strong\"x,\nc.example", 2, "the quotes here", "bad quotes"),
                arguments("a.example\nb.example,\"strong", 2, "the quotes here", "quotes without end"),
                arguments("a.example,,,\"\nmx\"\nb..example", 3, "is not a domain name", "after a cell of two lines"),
                arguments("a.example,,,m\u0001x", 1, "has a control character", "what XML cannot hold"),
                arguments("a.example,,," + "x".repeat(5000), 1, "more than 1000 characters", "what no file takes"),
                arguments("", 1, "the file is empty", "nothing"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("wrongLines")
    void wrongLineShouldBeTold(String content, int line, String message, String why) throws Exception {
        Path csv = csv(content);

        Run run = Run.of("import", csv);

        assertThat(run.exitCode()).as(why).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().filter(told -> told.startsWith(csv + ":" + line + ": ")))
                .as(run.err())
                .anyMatch(told -> told.contains(message));
    }

    @Test
    void everyWrongLineShouldBeTold() throws Exception {
        Run run = Run.of("import", "--json", csv("-a.example\nb.example\nc.example,x,y:z\n"));

        JsonNode json = run.json();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(json.get("errors"))
                .extracting(error -> error.get("line").asInt())
                .containsExactly(1, 3, 3);
        assertThat(json.get("policy").isNull()).isTrue();
    }

    @Test
    void fileShouldBeWrittenOnceAndNeverOverwritten() throws Exception {
        Path csv = csv("a.example\n");
        Path output = directory.resolve("policy.xml");

        Run first = Run.of("import", "--output", output, csv);
        Run second = Run.of("import", "--output", output, csv);

        assertThat(first.exitCode()).isZero();
        assertThat(PolicyFile.read(output).policies()).hasSize(1);
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.err()).contains("the file exists already");
    }

    @Test
    void tenThousandLinesShouldBecomeTenThousandPolicies() throws Exception {
        Path csv = csv(IntStream.range(0, 10_000)
                .mapToObj(i -> "customer-" + i + ".example,strong,192.0.2." + i % 250 + ":2525,mx" + i
                        + ".example,lists.customer-" + i + ".example")
                .collect(Collectors.joining("\r\n")));

        PolicyTable table = table(Run.of("import", csv));

        assertThat(table.policies()).hasSize(10_000);
        assertThat(policy(table, "customer-9999.example").mailDelivery())
                .isEqualTo(MailDelivery.StaticRoute.parse("192.0.2.249:2525"));
    }

    @Test
    void notUtf8ShouldBeTold() throws Exception {
        Path csv = Files.write(directory.resolve("latin.csv"), new byte[] {'b', (byte) 0xfc, '.', 'd', 'e'});

        assertThat(Run.of("import", csv).err()).contains("not UTF-8");
    }
}
