package org.jamestls.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainCommandTest {

    private static final String POLICIES = """
            <tlsEnforcement>
              <domain name="a.example">
                <excludedSubDomains>
                  <subDomain>lists.a.example</subDomain>
                </excludedSubDomains>
                <trustedCommonNames>
                  <commonName>mx.hosting.example</commonName>
                  <commonName>Bank Mail Gateway</commonName>
                </trustedCommonNames>
                <mailDelivery>staticRoute</mailDelivery>
                <staticRoute>192.0.2.25:2525</staticRoute>
              </domain>
              <domain name="deep.lists.a.example"/>
              <domain name="B\u00dcCHER.example"><certificateValidation>relaxed</certificateValidation></domain>
              <otherDomains><tls>required</tls></otherDomains>
            </tlsEnforcement>
            """;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writePolicies() throws IOException {
        file = Files.writeString(directory.resolve("policy.xml"), POLICIES);
    }

    static Stream<Arguments> names() {
        return Stream.of(
                arguments("a.example", "a.example", true, "own", "a.example"),
                arguments("A.Example", "a.example", true, "own", "a.example"),
                arguments("a.example.", "a.example", true, "own", "a.example"),
                arguments("user@a.example", "a.example", true, "own", "a.example"),
                arguments("user@A.EXAMPLE.", "a.example", true, "own", "a.example"),
                arguments("\"a user@b.example\"@a.example", "a.example", true, "own", "a.example"),
                arguments("x.y.a.example", "x.y.a.example", true, "inherited", "a.example"),
                arguments("lists.a.example", "lists.a.example", false, "excluded", "a.example"),
                arguments("below.lists.a.example", "below.lists.a.example", false, "excluded", "a.example"),
                arguments("deep.lists.a.example", "deep.lists.a.example", true, "own", "deep.lists.a.example"),
                arguments(
                        "x.deep.lists.a.example", "x.deep.lists.a.example", true, "inherited", "deep.lists.a.example"),
                arguments("b\u00fccher.example", "xn--bcher-kva.example", true, "own", "xn--bcher-kva.example"),
                arguments("user@xn--BCHER-kva.example", "xn--bcher-kva.example", true, "own", "xn--bcher-kva.example"),
                arguments(
                        "\u00fcser@sub.b\u00fccher.example",
                        "sub.xn--bcher-kva.example",
                        true,
                        "inherited",
                        "xn--bcher-kva.example"),
                arguments("other.example", "other.example", false, "otherDomains", null),
                arguments("ba.example", "ba.example", false, "otherDomains", null),
                arguments("example", "example", false, "otherDomains", null),
                arguments("user@[192.0.2.1]", "[192.0.2.1]", false, "otherDomains", null),
                arguments("user@[IPv6:2001:db8::1]", "[IPv6:2001:db8:0:0:0:0:0:1]", false, "otherDomains", null));
    }

    @ParameterizedTest
    @MethodSource("names")
    void jsonShouldSayWhoDecides(String name, String domain, boolean enforced, String decidedBy, String entry) {
        Run run = Run.of("explain", "--json", "--policy", file, name);

        JsonNode explained = run.json().get(0);
        assertThat(run.exitCode()).isZero();
        assertThat(explained.get("name").asText()).isEqualTo(name);
        assertThat(explained.get("domain").asText()).isEqualTo(domain);
        assertThat(explained.get("enforced").asBoolean()).isEqualTo(enforced);
        assertThat(explained.get("decidedBy").asText()).isEqualTo(decidedBy);
        assertThat(explained.get("entry").textValue()).isEqualTo(entry);
        assertThat(explained.get("mode").textValue()).isEqualTo(enforced ? "enforce" : null);
        assertThat(explained.get("otherDomains").textValue()).isEqualTo(enforced ? null : "required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "a..example",
                "-a.example",
                "a.example..",
                "user@",
                "@a.example",
                "a b@a.example",
                "user@stra\u00dfe.example",
                "user@a_b.example",
                "user@[192.0.2.300]",
                "1.2.3",
                "\u001b[31m",
                "\ud800",
                "\"@a.example"
            })
    void nameThatIsNoneShouldBeToldAndNeverDelivered(String name) {
        Run text = Run.of("explain", "--policy", file, "--", name);
        Run json = Run.of("explain", "--json", "--policy", file, "--", name);

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.lines()).singleElement().asString().contains("no mail is ever sent to it", "write");
        assertThat(text.out().chars()).allMatch(c -> c == '\n' || c >= ' ' && c <= '~');
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.json().get(0).get("enforced").isNull()).isTrue();
        assertThat(json.json().get(0).get("decidedBy").isNull()).isTrue();
        assertThat(json.json().get(0).get("error").asText()).isNotBlank();
    }

    @Test
    void everySettingShouldComeWithItsLine() {
        Run run = Run.of("explain", "--policy", file, "x.a.example");

        assertThat(run.out().lines().map(line -> line.replace(file.toString(), "policy.xml")))
                .containsExactly(
                        "x.a.example: enforced, inherited from a.example",
                        "  domain                 a.example           policy.xml:2:3",
                        "  mode                   enforce             default",
                        "  certificateValidation  strong              default",
                        "  commonName             mx.hosting.example  policy.xml:7:7",
                        "  commonName             Bank Mail Gateway   policy.xml:8:7",
                        "  mailDelivery           staticRoute         policy.xml:10:5",
                        "  staticRoute            192.0.2.25:2525     policy.xml:11:5",
                        "  route                  192.0.2.25:2525, looked up by address");
    }

    @Test
    void exclusionShouldComeWithItsLine() {
        Run run = Run.of("explain", "--policy", file, "x.lists.a.example", "other.example");

        assertThat(run.out().lines().map(line -> line.replace(file.toString(), "policy.xml")))
                .containsExactly(
                        "x.lists.a.example: not enforced, excluded by the entry of a.example",
                        "  subDomain              lists.a.example  policy.xml:4:7",
                        "  tls                    required         policy.xml:15:17",
                        "  route                  the MX hosts of x.lists.a.example, or the mailet's gateway where one is"
                                + " set",
                        "",
                        "other.example: not enforced, no entry holds for it",
                        "  tls                    required  policy.xml:15:17",
                        "  route                  the MX hosts of other.example, or the mailet's gateway where one is set");
    }

    @Test
    void jsonShouldHoldTheSettings() {
        JsonNode strong = Run.of("explain", "--json", "--policy", file, "a.example")
                .json()
                .get(0);
        JsonNode relaxed = Run.of("explain", "--json", "--policy", file, "xn--bcher-kva.example")
                .json()
                .get(0);
        JsonNode other = Run.of("explain", "--json", "--policy", file, "other.example")
                .json()
                .get(0);

        assertThat(strong.get("certificateValidation").asText()).isEqualTo("strong");
        assertThat(strong.get("trustedCommonNames"))
                .extracting(JsonNode::asText)
                .containsExactly("mx.hosting.example", "Bank Mail Gateway");
        assertThat(strong.get("mailDelivery").asText()).isEqualTo("staticRoute");
        assertThat(strong.get("staticRoute").asText()).isEqualTo("192.0.2.25:2525");
        assertThat(strong.get("settings"))
                .filteredOn(setting -> setting.get("setting").asText().equals("staticRoute"))
                .singleElement()
                .satisfies(setting -> assertThat(setting.get("line").asInt()).isEqualTo(11));
        assertThat(relaxed.get("certificateValidation").asText()).isEqualTo("relaxed");
        assertThat(relaxed.get("mailDelivery").asText()).isEqualTo("inboundRoute");
        assertThat(relaxed.get("staticRoute").isNull()).isTrue();
        assertThat(relaxed.get("trustedCommonNames")).isEmpty();
        assertThat(other.get("certificateValidation").isNull()).isTrue();
        assertThat(other.get("mailDelivery").asText()).isEqualTo("inboundRoute");
    }

    @Test
    void reportModeAndMailHostsShouldBeToldWithTheirLines() throws Exception {
        Files.writeString(file, """
                <tlsEnforcement>
                  <domain name="a.example">
                    <mode>report</mode>
                    <mailHosts>
                      <mailHost>mx.a.example</mailHost>
                      <mailHost>*.mail.a.example</mailHost>
                    </mailHosts>
                  </domain>
                </tlsEnforcement>
                """);

        Run run = Run.of("explain", "--policy", file, "x.a.example");
        JsonNode explained = Run.of("explain", "--json", "--policy", file, "x.a.example")
                .json()
                .get(0);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replace(file.toString(), "policy.xml")))
                .containsExactly(
                        "x.a.example: report only, inherited from a.example; what would have been refused is told, and the"
                                + " mail delivered",
                        "  domain                 a.example         policy.xml:2:3",
                        "  mode                   report            policy.xml:3:5",
                        "  certificateValidation  strong            default",
                        "  mailHost               mx.a.example      policy.xml:5:7",
                        "  mailHost               *.mail.a.example  policy.xml:6:7",
                        "  mailDelivery           inboundRoute      default",
                        "  route                  the MX hosts of x.a.example that mailHosts allows, or the mailet's gateway"
                                + " where one is set");
        assertThat(explained.get("mode").asText()).isEqualTo("report");
        assertThat(explained.get("enforced").asBoolean()).isFalse();
        assertThat(explained.get("mailHosts"))
                .extracting(JsonNode::asText)
                .containsExactly("mx.a.example", "*.mail.a.example");
    }

    @Test
    void namesShouldComeFromAFile() throws Exception {
        Path names = Files.writeString(
                directory.resolve("names.txt"), "\ufeffa.example\r\n\r\n# a remark\r\n  user@other.example  \r\n");

        JsonNode explained = Run.of("explain", "--json", "--policy", file, "--names", names, "first.example")
                .json();

        assertThat(explained)
                .extracting(name -> name.get("name").asText())
                .containsExactly("first.example", "a.example", "user@other.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "--names=-"})
    void namesShouldComeFromStandardInput(String argument) {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("a.example\nother.example".getBytes(StandardCharsets.UTF_8)));

            assertThat(Run.of("explain", "--json", "--policy", file, argument).json())
                    .extracting(name -> name.get("domain").asText())
                    .containsExactly("a.example", "other.example");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void everyDomainShouldBeExplainedWhenAFileIsNamedAndNoName() {
        assertThat(Run.of("explain", "--json", "--policy", file).json())
                .extracting(name -> name.get("domain").asText())
                .containsExactly("a.example", "deep.lists.a.example", "xn--bcher-kva.example");
    }

    @Test
    void everyDomainOfTheDefaultFileShouldBeExplainedWhenNothingIsNamed() {
        Run run = Run.of("explain");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .isEqualTo(Run.of("explain", "--policy", "conf/tls-enforcement.xml")
                        .out());
    }

    @Test
    void rejectedFileShouldBeToldWithItsErrors() throws Exception {
        Files.writeString(file, "<tlsEnforcement>\n  <domain name='a_b.example'/>\n</tlsEnforcement>");

        Run run = Run.of("explain", "--policy", file, "a.example");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith(file + ":2:11: ");
    }

    @Test
    void fileOfNamesThatIsNotTextShouldBeTold() throws Exception {
        Path names = Files.write(directory.resolve("names.txt"), new byte[] {(byte) 0xff, 'a'});

        Run run = Run.of("explain", "--policy", file, "--names", names);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("is not UTF-8");
    }
}
