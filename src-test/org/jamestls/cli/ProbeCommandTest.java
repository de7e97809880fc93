package org.jamestls.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.james.Stage.presenting;
import static org.jamestls.james.Stage.worthless;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jamestls.james.Stage;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.Fault;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProbeCommandTest {

    private static final String MX = "mx.bank.example";

    @TempDir
    private Path directory;

    private Stage stage;
    private NameServer dns;

    @BeforeEach
    void start() throws IOException {
        stage = new Stage(directory);
        dns = new NameServer(stage.dns);
        stage.policy("<domain name='bank.example'/>");
    }

    @AfterEach
    void stop() {
        stage.close();
        dns.close();
    }

    private Path policy() {
        return directory.resolve("conf/tls-enforcement.xml");
    }

    private Run probe(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "probe",
                "--policy",
                policy(),
                "--trusted-roots",
                directory.resolve("conf/roots.pem"),
                "--dns",
                dns.address(),
                "--smtp-port",
                stage.port()));
        Collections.addAll(arguments, more);
        return Run.of(arguments.toArray());
    }

    private JsonNode json(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("--json"));
        Collections.addAll(arguments, more);
        return probe(arguments.toArray()).json();
    }

    private void threeHosts(ReceivingServer.Builder second) {
        stage.host("mx1.bank.example", stage.trustedFor("mx1.bank.example"));
        stage.host("mx2.bank.example", second);
        stage.host("mx3.bank.example", stage.trustedFor("mx3.bank.example"));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example", "mx3.bank.example");
    }

    @Test
    void everyHostShouldBeToldWithWhatItPresented() {
        HeldCertificate certificate = stage.trusted.issueFor(MX);
        ReceivingServer server = stage.mx("bank.example", presenting(certificate));

        Run run = probe("--json", "user@bank.example");

        assertThat(run.exitCode()).isZero();
        JsonNode name = run.json().get(0);
        assertThat(name.get("domain").asText()).isEqualTo("bank.example");
        assertThat(name.get("satisfied").asBoolean()).isTrue();
        assertThat(name.get("hosts")).hasSize(1);
        JsonNode host = name.get("hosts").get(0);
        assertThat(host.get("host").asText()).isEqualTo(MX);
        assertThat(host.get("port").asInt()).isEqualTo(server.port());
        assertThat(host.get("address").asText()).isEqualTo(server.address().getHostAddress());
        assertThat(host.get("satisfied").asBoolean()).isTrue();
        assertThat(host.get("violation").isNull()).isTrue();
        assertThat(host.get("protocol").asText()).isEqualTo("TLSv1.3");
        assertThat(host.get("cipherSuite").asText()).startsWith("TLS_");
        assertThat(host.get("keyExchange").asText()).isNotBlank();
        assertThat(host.get("daysLeft").asInt()).isPositive();
        JsonNode presented = host.get("chain").get(0);
        assertThat(presented.get("dnsNames").get(0).asText()).isEqualTo(MX);
        assertThat(presented.get("issuer").asText()).isEqualTo("CN=Trusted Root");
        assertThat(presented.get("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(presented.get("publicKeySha256").asText()).matches("[0-9a-f]{64}");
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void filesShouldBeNamedAsInTheMailetsConfigurationToo() {
        stage.mx("bank.example", stage.trustedFor(MX));

        Run run = Run.of(
                "probe",
                "--policy",
                "file://" + policy(),
                "--trusted-roots",
                "file://" + directory.resolve("conf/roots.pem"),
                "--dns",
                dns.address(),
                "--smtp-port",
                stage.port());

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    }

    @Test
    void everyDomainOfTheDefaultFileShouldBeProbedWhenNothingIsNamed() throws IOException {
        ReceivingServer server = stage.hidden("elsewhere", presenting(worthless()));

        Run run = Run.of("probe", "--to", Stage.loopback(server) + ":" + server.port());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).contains("bank.example", "archive.partner.example", "insurance.example");
    }

    @Test
    void threeSatisfyingHostsShouldBeFine() {
        threeHosts(stage.trustedFor("mx2.bank.example"));

        Run run = probe("--strict", "bank.example");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("bank.example: delivered, 3 of 3 addresses satisfy")
                .contains("1 name: 1 delivered, 0 not");
    }

    @Test
    void oneViolatingHostOfThreeShouldBeToldThoughMailIsDelivered() {
        threeHosts(presenting(worthless()));

        Run run = probe("bank.example");

        assertThat(run.exitCode()).isZero();
        assertThat(probe("--strict", "bank.example").exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("bank.example: delivered, 2 of 3 addresses satisfy")
                .contains("VIOLATION: the certificate has expired (certificate-expired, 4.7.5)")
                .contains("    expected ", "    presented ", "CN=elsewhere.example", "expired");
    }

    @Test
    void hostsThatCannotBeReachedShouldBeTold() {
        threeHosts(ReceivingServer.builder());
        stage.close();

        Run run = probe("bank.example");
        JsonNode name = json("bank.example").get(0);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("bank.example: NOT DELIVERED, 0 of 3", "FAILED: no connection to mx1.bank.example");
        assertThat(name.get("satisfied").asBoolean()).isFalse();
        assertThat(name.get("hosts")).hasSize(3).allSatisfy(host -> {
            assertThat(host.get("satisfied").asBoolean()).isFalse();
            assertThat(host.get("violation").isNull()).isTrue();
            assertThat(host.get("reason").asText()).startsWith("no connection to");
        });
    }

    @Test
    void hostThatNeverAnswersShouldBeGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Run run = probe("--timeout", "1", "--to", "127.0.0.1:" + silent.getLocalPort(), "bank.example");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("FAILED: timed out at GREETING after 1000 ms");
        }
    }

    @Test
    void hostThatStallsInTheHandshakeShouldBeToldWithTheLimit() {
        stage.mx("bank.example", stage.trustedFor(MX).fault(Moment.HANDSHAKE, Fault.SILENCE));

        assertThat(probe("--timeout", "1", "bank.example").out())
                .contains("VIOLATION: the TLS handshake failed", "presented      timed out after 1000 ms");
    }

    @Test
    void missingStartTlsShouldBeAViolation() {
        stage.mx("bank.example", ReceivingServer.builder());

        JsonNode host = json("bank.example").get(0).get("hosts").get(0);

        assertThat(host.get("violation").asText()).isEqualTo("starttls-not-supported");
        assertThat(host.get("expected").asText()).contains("STARTTLS");
        assertThat(host.get("presented").asText()).startsWith("offered:");
        assertThat(host.get("protocol").isNull()).isTrue();
    }

    @Test
    void nameWithoutARouteShouldBeToldWithTheReason() {
        stage.dns.mx("null.example", ".").failing("failing.example").mx("lame.example", "mx.lame.example");

        JsonNode names = json("unknown.example", "null.example", "failing.example", "lame.example", "a b@x");

        assertThat(names.get(0).get("reason").asText()).isEqualTo("the DNS knows no mail host of unknown.example");
        assertThat(names.get(1).get("reason").asText()).contains("null MX");
        assertThat(names.get(2).get("reason").asText())
                .isEqualTo("the DNS gave no answer for the MX records of failing.example");
        assertThat(names.get(3).get("hosts").get(0).get("reason").asText()).contains("no address");
        assertThat(names.get(4).get("reason").asText()).contains("is not a mail address");
        assertThat(names)
                .allSatisfy(
                        name -> assertThat(name.get("satisfied").asBoolean()).isFalse());
    }

    @Test
    void otherHostShouldBeJudgedUnderTheDomainsPolicy() {
        ReceivingServer server = stage.hidden("new", stage.trustedFor("new.bank.example"));
        stage.dns.address("new.bank.example", server.address());

        JsonNode name = json("--to", "new.bank.example:" + server.port(), "bank.example")
                .get(0);
        JsonNode byAddress =
                json("--to", "127.0.0.1:" + server.port(), "bank.example").get(0);

        assertThat(name.get("satisfied").asBoolean()).isTrue();
        assertThat(byAddress.get("hosts").get(0).get("violation").asText()).isEqualTo("certificate-host-mismatch");
    }

    @Test
    void wholePolicyFileShouldBeProbedAndSummedUp() throws Exception {
        stage.policy("<domain name='bank.example'/><domain name='partner.example'/><domain name='gone.example'/>");
        stage.mx("bank.example", stage.trustedFor(MX));
        stage.mx("partner.example", presenting(worthless()));

        Run run = probe("--parallel", "2");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines())
                .containsSequence(
                        "name             mail is        satisfied  days left  reason",
                        run.lines().stream()
                                .filter(line -> line.startsWith("bank.example     delivered      1/1        "))
                                .findFirst()
                                .orElseThrow(),
                        run.lines().stream()
                                .filter(line -> line.matches(
                                        "partner\\.example  NOT DELIVERED  0/1 +-[0-9]+ +certificate-expired"))
                                .findFirst()
                                .orElseThrow(),
                        "gone.example     NOT DELIVERED  0/0        -          the DNS knows no mail host of gone.example")
                .endsWith("3 names: 1 delivered, 2 not");
    }

    @Test
    void rootShouldBeProposedBeforeRelaxedValidationIs() {
        stage.mx("bank.example", presenting(stage.unknown.issueFor(MX)));

        String text = probe("bank.example").out();

        assertThat(text)
                .contains("To trust the authority, CN=Unknown Root, name its root to the mailet")
                .containsSubsequence("<additionalRoots>", "<certificateValidation>relaxed");
        assertThat(json("bank.example")
                        .get(0)
                        .get("untrustedAuthorities")
                        .get(0)
                        .asText())
                .isEqualTo("CN=Unknown Root");
    }

    @Test
    void additionalRootsShouldBeTrustedBesides() throws IOException {
        Path partner = Files.writeString(directory.resolve("partner.pem"), Stage.pem(stage.unknown.certificate()));
        stage.host("mx1.bank.example", presenting(stage.unknown.issueFor("mx1.bank.example")));
        stage.host("mx2.bank.example", stage.trustedFor("mx2.bank.example"));
        stage.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");

        Run run = probe("--strict", "--additional-roots", partner, "bank.example");

        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.out()).doesNotContain("additionalRoots");
    }

    static Stream<Arguments> presentedInstead() {
        return Stream.of(
                arguments(
                        "a SAN",
                        (Function<Stage, HeldCertificate>) s -> s.trusted.issueFor("mx.hosting.example"),
                        "<commonName>mx.hosting.example</commonName>"),
                arguments(
                        "a wildcard",
                        (Function<Stage, HeldCertificate>) s -> s.trusted.issueFor("*.hosting.example"),
                        "<commonName>*.hosting.example</commonName>"),
                arguments(
                        "a CN that is text",
                        (Function<Stage, HeldCertificate>) s -> s.trusted.issue(new Request("CN=Smith & Sons <Mail>")),
                        "<commonName>Smith &amp; Sons &lt;Mail&gt;</commonName>"),
                arguments(
                        "nothing that proves anything",
                        (Function<Stage, HeldCertificate>) s -> worthless(),
                        "<certificateValidation>relaxed</certificateValidation>"),
                arguments(
                        "an unknown root",
                        (Function<Stage, HeldCertificate>) s -> s.unknown.issueFor(MX),
                        "<certificateValidation>relaxed</certificateValidation>"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("presentedInstead")
    void proposalShouldSatisfyWhenItIsPasted(String what, Function<Stage, HeldCertificate> certificate, String proposed)
            throws Exception {
        stage.policy("<domain name='bank.example'><excludedSubDomains><subDomain>lists.bank.example</subDomain>"
                + "</excludedSubDomains></domain>");
        stage.mx("bank.example", presenting(certificate.apply(stage)));
        JsonNode before = json("bank.example").get(0);
        String text = probe("bank.example").out();

        String proposal = before.get("proposal").asText();
        stage.policy(proposal);
        JsonNode after = json("bank.example").get(0);

        assertThat(before.get("satisfied").asBoolean()).isFalse();
        assertThat(proposal).contains(proposed, "<subDomain>lists.bank.example</subDomain>");
        assertThat(text)
                .contains("To trust what was presented, let the entry of bank.example read")
                .contains("    " + proposal.replace("\n", "\n    "))
                .contains("Beware: ");
        assertThat(after.get("satisfied").asBoolean()).isTrue();
        assertThat(after.get("proposal").isNull()).isTrue();
    }

    @Test
    void mailHostsThatSatisfyShouldBeProposedAndHoldWhenTheyArePasted() throws Exception {
        threeHosts(ReceivingServer.builder());
        JsonNode before = json("bank.example").get(0);
        String text = probe("bank.example").out();

        String proposal = before.get("mailHosts").asText();
        stage.policy("<domain name='bank.example'>" + proposal + "</domain>");
        JsonNode after = json("bank.example").get(0);

        assertThat(proposal).isEqualTo("""
                <mailHosts>
                  <mailHost>mx1.bank.example</mailHost>
                  <mailHost>mx3.bank.example</mailHost>
                </mailHosts>""");
        assertThat(text).contains("    " + proposal.replace("\n", "\n    "), "Beware: ask the partner");
        assertThat(after.get("mailHosts").isNull()).isTrue();
        assertThat(after.get("hosts"))
                .extracting(host -> host.get("satisfied").asBoolean())
                .containsExactly(true, false, true);
        assertThat(after.get("hosts").get(1).get("violation").asText()).isEqualTo("mail-host-not-allowed");
        assertThat(after.get("hosts").get(1).get("code").asText()).isEqualTo("4.7.0");
    }

    @Test
    void noMailHostsShouldBeProposedWhereTheDnsNamesNoneOrTheEntryIsAnAncestors() throws Exception {
        ReceivingServer server = stage.mx("sub.bank.example", stage.trustedFor("mx.sub.bank.example"));

        assertThat(json("sub.bank.example").get(0).get("mailHosts").isNull())
                .as("others inherit the entry too")
                .isTrue();
        assertThat(json("--to", "mx.sub.bank.example:" + server.port(), "bank.example")
                        .get(0)
                        .get("mailHosts")
                        .isNull())
                .as("the operator names the host")
                .isTrue();
        stage.mx("bank.example", stage.trustedFor(MX));
        stage.policy("<domain name='bank.example'><certificateValidation>relaxed</certificateValidation></domain>");
        assertThat(json("bank.example").get(0).get("mailHosts").isNull())
                .as("relaxed validation proves nobody")
                .isTrue();
    }

    @Test
    void hostThatMailHostsLeaveOutShouldBeToldUnaskedAndProposedWithCaution() throws Exception {
        ReceivingServer server = stage.host("mx.elsewhere.example", stage.trustedFor("mx.elsewhere.example"));
        stage.dns.mx("bank.example", "mx.elsewhere.example");
        stage.policy("<domain name='bank.example'><mailHosts><mailHost>" + MX + "</mailHost></mailHosts></domain>");

        Run run = probe("bank.example");
        JsonNode name = json("bank.example").get(0);
        assertThat(server.transcripts()).as("no connection").isEmpty();
        stage.policy(name.get("proposal").asText());
        JsonNode after = json("bank.example").get(0);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "  mx.elsewhere.example:" + stage.port() + "  VIOLATION: the policy does not allow connections"
                                + " to this mail host (mail-host-not-allowed, 4.7.0)")
                .contains("    expected       " + MX, "    presented      mx.elsewhere.example, named by the DNS")
                .contains("Beware: the DNS alone names these hosts; ask the partner whether they are theirs.");
        assertThat(after.get("satisfied").asBoolean()).isTrue();
    }

    @Test
    void reportModeShouldBeFineUnlessStrictAndTellWhatEnforcingWouldRefuse() throws Exception {
        stage.policy("<domain name='bank.example'><mode>report</mode></domain>"
                + "<domain name='partner.example'><mode>report</mode></domain>");
        stage.mx("bank.example", stage.trustedFor(MX));
        stage.mx("partner.example", ReceivingServer.builder());

        Run run = probe();
        JsonNode names = json("bank.example", "partner.example");

        assertThat(run.exitCode()).isZero();
        assertThat(probe("--strict", "bank.example").exitCode()).isZero();
        assertThat(probe("--strict", "partner.example").exitCode()).isEqualTo(1);
        assertThat(run.lines())
                .contains(
                        "partner.example: delivered, and would have been refused: report only, 0 of 1 address satisfies")
                .anyMatch(line -> line.endsWith("WOULD HAVE BEEN REFUSED: STARTTLS is not offered"
                        + " (starttls-not-supported, 4.7.4), in the clear"))
                .contains("partner.example  delivered      0/1        -          report only: starttls-not-supported")
                .endsWith("2 names: 2 delivered, 0 not; 1 of the delivered would have been refused");
        assertThat(names.get(0).get("satisfied").asBoolean()).isTrue();
        assertThat(names.get(1).get("satisfied").asBoolean()).isFalse();
        assertThat(names.get(1).get("delivered").asBoolean()).isTrue();
        assertThat(names.get(1).get("mode").asText()).isEqualTo("report");
        assertThat(names.get(1).get("hosts").get(0).get("usable").asBoolean()).isTrue();
        assertThat(names.get(1).get("hosts").get(0).get("violation").asText()).isEqualTo("starttls-not-supported");
    }

    @Test
    void nothingShouldBeProposedWhereNoPolicyWouldHelp() {
        stage.mx("bank.example", ReceivingServer.builder());

        assertThat(json("bank.example").get(0).get("proposal").isNull()).isTrue();
    }

    @Test
    void hostileNamesShouldBeEscapedAndNeverProposed() {
        stage.mx("bank.example", presenting(stage.trusted.issue(new Request("CN=so\u001b[31m\nred\u202e"))));

        Run run = probe("bank.example");

        assertThat(run.out()).contains("so\\u001b[31m\\u000ared\\u202e").doesNotContain("To trust what was presented");
        assertThat(run.out().chars()).allMatch(c -> c == '\n' || c >= ' ' && c <= '~');
    }

    @Test
    void pipeShouldHaveNeitherProgressNorColours() {
        stage.mx("bank.example", stage.trustedFor(MX));

        Run run = probe("bank.example");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).doesNotContain("\u001b", "\r");
    }

    @Test
    void manyNamesShouldKeepTheirOrder() throws Exception {
        stage.mx("bank.example", stage.trustedFor(MX));
        Path names = Files.writeString(directory.resolve("names.txt"), "bank.example\nunknown.example\n".repeat(50));

        JsonNode probed = json("--parallel", "3", "--names", names);

        assertThat(probed).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(probed.get(i).get("domain").asText()).isEqualTo(i % 2 == 0 ? "bank.example" : "unknown.example");
            assertThat(probed.get(i).get("satisfied").asBoolean()).isEqualTo(i % 2 == 0);
        }
    }

    static Stream<Arguments> wrongUsages() {
        return Stream.of(
                arguments(List.of("--parallel", "0"), "--parallel is 0"),
                arguments(List.of("--parallel", "many"), "--parallel"),
                arguments(List.of("--timeout", "-1"), "--timeout is -1"),
                arguments(List.of("--smtp-port", "70000"), "--smtp-port"),
                arguments(List.of("--to", "host:port"), "--to: "),
                arguments(List.of("--to", "..."), "--to: "),
                arguments(List.of("--dns", "[::"), "--dns: "),
                arguments(List.of("--dns", "ns.invalid"), "the name server ns.invalid has no address"),
                arguments(List.of("--key-exchange", "rot13"), "--key-exchange"),
                arguments(List.of("--helo", "two words"), "cannot be sent in EHLO"),
                arguments(List.of("--trusted-roots", "missing.pem"), "does not exist"),
                arguments(List.of("--names", "missing.txt"), "missing.txt: the file is missing"),
                arguments(List.of("--unknown"), "--unknown"));
    }

    @ParameterizedTest
    @MethodSource("wrongUsages")
    void wrongUsageShouldBeTold(List<String> wrong, String message) {
        List<Object> arguments = new ArrayList<>(List.of("probe", "bank.example"));
        arguments.addAll(wrong);

        Run run = Run.of(arguments.toArray());

        assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
        assertThat(run.err()).contains(message).doesNotContain("\tat ");
    }
}
