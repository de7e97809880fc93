package org.jamestls.policyfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.EnforcementMode;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.MailHostPattern;
import org.jamestls.policy.OtherDomains;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policy.TrustedCommonName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a policy file means. */
class PolicyFileTest {

    private static final DomainName BANK = DomainName.parse("bank.example");
    private static final DomainPolicy DEFAULTS = DomainPolicy.withDefaults(BANK);

    static Stream<Arguments> settings() {
        return Stream.of(
                Arguments.of("", DEFAULTS, "strong validation and inbound route are the defaults"),
                Arguments.of(
                        "<certificateValidation>strong</certificateValidation>", DEFAULTS, "a default written out"),
                Arguments.of("<mailDelivery>inboundRoute</mailDelivery>", DEFAULTS, "a default written out"),
                Arguments.of(
                        "<certificateValidation>\n relaxed\t</certificateValidation>",
                        DEFAULTS.withCertificateValidation(CertificateValidation.RELAXED),
                        "white space around a value does not count"),
                Arguments.of(
                        "<certificateValidation>re<!-- c -->lax<![CDATA[ed]]></certificateValidation>",
                        DEFAULTS.withCertificateValidation(CertificateValidation.RELAXED),
                        "a value is the text of its element, however it is written"),
                Arguments.of(
                        "<trustedCommonNames><commonName>mx.hosting.example</commonName>"
                                + "<commonName>Bank &amp; \n Mail</commonName></trustedCommonNames>",
                        DEFAULTS.withCertificateValidation(trusted("mx.hosting.example", "Bank & Mail")),
                        "trusted names under strong validation; a line break is a blank"),
                Arguments.of(
                        "<staticRoute>[2001:db8::1]:2525</staticRoute><mailDelivery>staticRoute</mailDelivery>",
                        DEFAULTS.withMailDelivery(MailDelivery.StaticRoute.parse("[2001:db8::1]:2525")),
                        "elements stand in any order"),
                Arguments.of(
                        "<excludedSubDomains><subDomain>Lists.bank.example.</subDomain>"
                                + "<subDomain>lists.bank.example</subDomain></excludedSubDomains>",
                        DEFAULTS.withExcludedSubDomains(Set.of(DomainName.parse("lists.bank.example"))),
                        "excluding a name again changes nothing"),
                Arguments.of("<mode>enforce</mode>", DEFAULTS, "a default written out"),
                Arguments.of("<mode>report</mode>", DEFAULTS.withMode(EnforcementMode.REPORT), "report only"),
                Arguments.of(
                        "<mailHosts><mailHost>MX1.bank.example.</mailHost><mailHost>*.mail.bank.example</mailHost>"
                                + "<mailHost>mx1.bank.example</mailHost></mailHosts>",
                        DEFAULTS.withMailDelivery(mailHosts("mx1.bank.example", "*.mail.bank.example")),
                        "mail hosts; listing one again changes nothing"));
    }

    private static MailDelivery mailHosts(String... patterns) {
        return new MailDelivery.InboundRoute(
                Set.copyOf(Stream.of(patterns).map(MailHostPattern::parse).toList()));
    }

    private static CertificateValidation trusted(String... names) {
        return new CertificateValidation.Strong(
                Set.copyOf(Stream.of(names).map(TrustedCommonName::parse).toList()));
    }

    @ParameterizedTest(name = "{2}: {0}")
    @MethodSource("settings")
    void parseShouldReadTheSettingsOfADomain(String inside, DomainPolicy expected, String why) throws Exception {
        PolicyTable testee =
                parse("<tlsEnforcement><domain name='bank.example'>" + inside + "</domain></tlsEnforcement>");

        assertThat(testee.policies()).containsExactly(expected);
    }

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("<tlsEnforcement/>", Set.of(), OtherDomains.OPPORTUNISTIC, "nothing is enforced"),
                Arguments.of(
                        "<?xml version='1.0' encoding='utf-8' standalone='yes'?><!-- c --><?pi x?><tlsEnforcement/><!-- c -->",
                        Set.of(),
                        OtherDomains.OPPORTUNISTIC,
                        "comments and instructions say nothing"),
                Arguments.of(
                        "<tlsEnforcement><domain name='a.example'/><otherDomains><tls>required</tls></otherDomains>"
                                + "<domain name='b.example'/></tlsEnforcement>",
                        Set.of("a.example", "b.example"),
                        OtherDomains.REQUIRED,
                        "other domains stand anywhere"),
                Arguments.of(
                        "<tlsEnforcement><otherDomains><tls>none</tls></otherDomains></tlsEnforcement>",
                        Set.of(),
                        OtherDomains.NONE,
                        "no TLS for other domains"),
                Arguments.of(
                        "\ufeff<tlsEnforcement><domain name=' B\u00fccher.example. '/></tlsEnforcement>",
                        Set.of("xn--bcher-kva.example"),
                        OtherDomains.OPPORTUNISTIC,
                        "a byte order mark, a U-label, upper case, a trailing dot, white space around"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("files")
    void parseShouldReadTheFile(String content, Set<String> domains, OtherDomains otherDomains, String why)
            throws Exception {
        PolicyTable testee = parse(content);

        assertThat(testee.policies())
                .extracting(policy -> policy.domain().text())
                .containsExactlyInAnyOrderElementsOf(domains);
        assertThat(testee.otherDomains()).isEqualTo(otherDomains);
    }

    @Test
    void readShouldTakeTheSampleAsItsCommentsSay() throws Exception {
        PolicyTable testee = PolicyFile.read(Path.of("conf/tls-enforcement.xml"));

        assertThat(testee.policies())
                .containsExactly(
                        DEFAULTS,
                        new DomainPolicy(
                                DomainName.parse("partner.example"),
                                EnforcementMode.ENFORCE,
                                new TreeSet<>(Set.of(DomainName.parse("lists.partner.example"))),
                                trusted("mx.hosting.example"),
                                MailDelivery.StaticRoute.parse("192.0.2.25:2525")),
                        DomainPolicy.withDefaults(DomainName.parse("archive.partner.example"))
                                .withCertificateValidation(CertificateValidation.RELAXED),
                        DomainPolicy.withDefaults(DomainName.parse("insurance.example"))
                                .withMode(EnforcementMode.REPORT)
                                .withMailDelivery(mailHosts("*.mail.insurance.example")));
        assertThat(testee.otherDomains()).isEqualTo(OtherDomains.OPPORTUNISTIC);
    }

    @Test
    void readShouldTellThatTheFileIsMissing(@TempDir Path directory) {
        Path missing = directory.resolve("tls-enforcement.xml");

        assertThatThrownBy(() -> PolicyFile.read(missing))
                .isInstanceOf(PolicyFileException.class)
                .hasMessageStartingWith(missing + ": the file is missing");
    }

    @Test
    void readShouldRejectADirectory(@TempDir Path directory) {
        assertThatThrownBy(() -> PolicyFile.read(directory))
                .hasMessageStartingWith(directory + ": is not a regular file");
    }

    @Test
    void readShouldRejectAFileOfMoreThan256MiB(@TempDir Path directory) throws IOException {
        Path large = directory.resolve("large.xml");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(256L * 1024 * 1024 + 1);
        }

        assertThatThrownBy(() -> PolicyFile.read(large)).hasMessageContaining("larger than 268435456 bytes");
    }

    @Test
    void readShouldRejectAFileThatGrowsWhileItIsRead(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("policy.xml"), "12345");

        assertThat(new FileContent(5).read(file)).hasSize(5);
        assertThatThrownBy(() -> new FileContent(4).read(file)).hasMessageContaining("larger than 4 bytes");
        assertThatThrownBy(() -> new FileContent(4).digest(file)).hasMessageContaining("larger than 4 bytes");
    }

    @Test
    void parseShouldReadManyDomainsWithoutMeetingALimitOfTheJdk() throws Exception {
        List<String> domains = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            domains.add("<domain name='d" + i + ".example'><trustedCommonNames><commonName>A &amp; B " + i
                    + "</commonName></trustedCommonNames></domain>\n");
        }

        assertThat(parse("<tlsEnforcement>" + String.join("", domains) + "</tlsEnforcement>")
                        .policies())
                .hasSize(200_000);
    }

    private static PolicyTable parse(String content) throws PolicyFileException {
        return PolicyFile.parse("policy.xml", content.getBytes(UTF_8));
    }
}
