package org.jamestls.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckCommandTest {

    private static final String FIVE_MISTAKES = """
            <tlsEnforcement>
              <domain name="bank.example">
                <certificateValidation>strict</certificateValidation>
              </domain>
              <domain name="bank.example"/>
              <domain name="-bad.example"/>
              <domain name="partner.example">
                <staticRoute>192.0.2.25</staticRoute>
              </domain>
              <other/>
            </tlsEnforcement>
            """;

    /** Without it, strong validation rests on the MX records alone, of which there is a warning. */
    private static final String MAIL_HOSTS = "<mailHosts><mailHost>mx.a.example</mailHost></mailHosts>";

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("policy.xml"), content);
    }

    private Path policies(String elements) throws IOException {
        return file("<tlsEnforcement>\n" + elements + "\n</tlsEnforcement>");
    }

    @Test
    void everyErrorShouldBeToldWithItsPlace() throws Exception {
        Path file = file(FIVE_MISTAKES);

        Run run = Run.of("check", file);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(file + ":3:28: unknown value 'strict'"),
                        line -> assertThat(line).startsWith(file + ":5:3: bank.example is listed twice"),
                        line -> assertThat(line).startsWith(file + ":6:11: '-bad.example' is not a domain name"),
                        line -> assertThat(line).startsWith(file + ":8:5: <staticRoute> without staticRoute delivery"),
                        line -> assertThat(line).startsWith(file + ":10:3: unknown element <other>"));
    }

    @Test
    void sampleShouldBeFineButForItsWarnings() {
        Run run = Run.of("check", "conf/tls-enforcement.xml");

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("conf/tls-enforcement.xml:13:3: warning: strong validation rests on"
                                        + " unsigned MX records alone for bank.example: "),
                        line -> assertThat(line)
                                .startsWith("conf/tls-enforcement.xml:51:5: warning: relaxed validation checks no"
                                        + " certificate"));
    }

    static Stream<Arguments> warnings() {
        return Stream.of(
                arguments(held("a.invalid"), "2:1", "can never apply", "the DNS has no such names"),
                arguments(held("a.onion"), "2:1", "can never apply", "the DNS has no such names"),
                arguments(held("co.uk"), "2:1", "is a public suffix", "it covers everybody's domains"),
                arguments(
                        held("a.example") + "\n" + held("b.a.example"),
                        "3:1",
                        "never makes a difference",
                        "the entry repeats what is inherited"),
                arguments(
                        "<domain name='a.example'><excludedSubDomains>\n<subDomain>b.a.example</subDomain>\n"
                                + "<subDomain>c.b.a.example</subDomain></excludedSubDomains>" + MAIL_HOSTS
                                + "</domain>",
                        "4:1",
                        "the exclusion of c.b.a.example can never apply",
                        "its parent is excluded already"),
                arguments(
                        "<domain name='a.example'>\n <certificateValidation>relaxed</certificateValidation></domain>",
                        "3:2",
                        "relaxed validation",
                        "nobody is authenticated"),
                arguments(trusting("co.uk"), "3:3", "is a public suffix", "nobody in particular bears it"),
                arguments(trusting("*.co.uk"), "3:3", "is a public suffix", "nor its wildcard"),
                arguments(trusting("192.0.2.1"), "3:3", "is an IP address", "it compares with the CN alone"),
                arguments(routed("192.0.2.1"), "3:3", "must bear the IP address 192.0.2.1", "hardly any does"),
                arguments(routed("[2001:db8::1]:25"), "3:3", "must bear the IP address 2001:db8:0:0:0:0:0:1", "IPv6"),
                arguments(routed("mx.a.example:465"), "3:3", "port 465", "there TLS begins without STARTTLS"),
                arguments("", "1:1", "no domain is enforced", "the file does nothing"),
                arguments(
                        held("a.example") + "\n<otherDomains><tls>none</tls></otherDomains>",
                        "3:15",
                        "in the clear even where TLS is offered",
                        "it gives away what comes for free"),
                arguments(
                        held("a.example") + "\n<domain name='b.example'>\n<mailHosts>\n <mailHost>*.co.uk</mailHost>"
                                + "</mailHosts></domain>",
                        "5:2",
                        "lies at a public suffix",
                        "anybody may have a name there"),
                arguments(
                        "<domain name='a.example'>" + MAIL_HOSTS + "\n <mode>report</mode></domain>"
                                + "<otherDomains><tls>required</tls></otherDomains>",
                        "3:2",
                        "report mode delivers in the clear if need be",
                        "it asks for less than no entry does"),
                arguments(
                        held("a.example") + "\n<domain name='b.example'/>",
                        "3:1",
                        "strong validation rests on unsigned MX records alone for b.example: ",
                        "whoever forges MX records is believed"),
                arguments(
                        "<domain name='a.example'><mode>report</mode></domain>\n<domain name='b.example'/>",
                        "2:1",
                        "for a.example, b.example: ",
                        "one warning for all of them"));
    }

    static Stream<String> nothingToWarnAbout() {
        return Stream.of(
                held("a.example"),
                trusting("mx.hosting.co.uk"),
                trusting("Bank Mail Gateway"),
                routed("mx.a.example"),
                routed("192.0.2.1")
                        .replace(
                                "</domain>",
                                "<trustedCommonNames><commonName>mx.a.example</commonName>"
                                        + "</trustedCommonNames></domain>"),
                // a policy of its own below an exclusion, or one that differs from the inherited
                "<domain name='a.example'><excludedSubDomains><subDomain>b.a.example</subDomain></excludedSubDomains>"
                        + MAIL_HOSTS + "</domain>" + held("c.b.a.example"),
                trusting("mx.hosting.example") + held("b.a.example"),
                // a rehearsal below what is enforced
                held("a.example") + held("b.a.example").replace("</domain>", "<mode>report</mode></domain>"),
                routed("mx.a.example").replace("a.example'", "a.invalid'"));
    }

    private static String held(String domain) {
        return "<domain name='" + domain + "'>" + MAIL_HOSTS + "</domain>";
    }

    private static String trusting(String name) {
        return "<domain name='a.example'><trustedCommonNames>\n  <commonName>" + name
                + "</commonName></trustedCommonNames>" + MAIL_HOSTS + "</domain>";
    }

    private static String routed(String route) {
        return "<domain name='a.example'><mailDelivery>staticRoute</mailDelivery>\n  <staticRoute>" + route
                + "</staticRoute></domain>";
    }

    @ParameterizedTest(name = "{2}: {3}")
    @MethodSource("warnings")
    void whatIsRarelyMeantShouldBeToldWithItsPlace(String elements, String place, String message, String why)
            throws Exception {
        Path file = policies(elements);

        Run run = Run.of("check", file);

        assertThat(run.lines())
                .as(why)
                .singleElement()
                .asString()
                .startsWith(file + ":" + place + ": warning: ")
                .contains(message);
        assertThat(run.exitCode()).isZero();
        assertThat(Run.of("check", "--strict", file).exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("nothingToWarnAbout")
    void whatIsMeantShouldBeFine(String elements) throws Exception {
        Path file = policies(elements);

        Run run = Run.of("check", "--strict", file);

        assertThat(run.out()).startsWith(file + ": fine, ");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void warningShouldNameTwentyDomainsAtMost() throws Exception {
        StringBuilder domains = new StringBuilder();
        for (int i = 1; i <= 23; i++) {
            domains.append("<domain name='d").append(i).append(".example'/>\n");
        }

        assertThat(Run.of("check", policies(domains.toString())).lines())
                .singleElement()
                .asString()
                .contains("d19.example, d20.example and 3 more: ")
                .doesNotContain("d21.example");
    }

    @Test
    void jsonShouldHoldErrorsAndWarnings() throws Exception {
        Path bad = file(FIVE_MISTAKES);
        Path fair = Files.writeString(
                directory.resolve("fair.xml"), "<tlsEnforcement>\n" + routed("192.0.2.1") + "</tlsEnforcement>");

        Run run = Run.of("check", "--json", bad, fair);

        JsonNode files = run.json();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(files.get(0).get("file").asText()).isEqualTo(bad.toString());
        assertThat(files.get(0).get("errors")).hasSize(5);
        assertThat(files.get(0).get("errors").get(0).get("line").asInt()).isEqualTo(3);
        assertThat(files.get(0).get("errors").get(0).get("column").asInt()).isEqualTo(28);
        assertThat(files.get(0).get("errors").get(0).get("message").asText()).startsWith("unknown value");
        assertThat(files.get(1).get("errors")).isEmpty();
        assertThat(files.get(1).get("warnings")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.xml", "", ".", "\0", "no\nname"})
    void whatIsNoFileShouldBeToldWithoutAStackTrace(String name) {
        Run run = Run.of("check", name.equals(".") ? directory.toString() : name);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out() + run.err()).isNotBlank().doesNotContain("\tat ", "Exception");
    }
}
