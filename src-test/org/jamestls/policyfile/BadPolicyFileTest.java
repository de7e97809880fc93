package org.jamestls.policyfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file that is rejected: where it is wrong, and what its author is told. */
class BadPolicyFileTest {

    private static Arguments bad(String why, String content, String position, String... fragments) {
        return Arguments.of(why, content, position, List.of(fragments));
    }

    private static String domain(String inside) {
        return "<tlsEnforcement>\n  <domain name=\"bank.example\">\n    " + inside + "\n  </domain>\n</tlsEnforcement>";
    }

    private static String file(String inside) {
        return "<tlsEnforcement>\n  " + inside + "\n</tlsEnforcement>";
    }

    static Stream<Arguments> badFiles() {
        return Stream.of(
                // not XML
                bad("nothing", "", "1:1", "the file is empty", "<tlsEnforcement>"),
                bad("white space and a comment alone", "\n <!-- x -->\n", "1:1", "the file is empty"),
                bad("truncated", "<tlsEnforcement>\n  <domain name=", "2:16", "malformed XML"),
                bad(
                        "end tag missing",
                        "<tlsEnforcement>\n  <domain name=\"a.example\">\n</tlsEnforcement>",
                        "3:3",
                        "malformed XML",
                        "\"domain\" must be terminated"),
                bad("two roots", "<tlsEnforcement/>\n<tlsEnforcement/>", "2:2", "malformed XML"),
                bad("text after the root", "<tlsEnforcement/>\nx", "2:1", "malformed XML"),
                bad(
                        "attribute twice",
                        file("<domain name=\"a.example\" name=\"b.example\"/>"),
                        "2:44",
                        "malformed XML",
                        "\"name\" was already specified"),
                bad("control character", file("<!-- \u0001 -->"), "2:8", "malformed XML"),
                bad(
                        "undeclared entity",
                        domain("<staticRoute>&route;</staticRoute>"),
                        "3:25",
                        "malformed XML",
                        "\"route\" was referenced, but not declared"),
                bad(
                        "unescaped ampersand",
                        domain("<trustedCommonNames><commonName>A & B</commonName></trustedCommonNames>"),
                        "3:40",
                        "malformed XML"),
                bad("not XML at all", "policy: bank.example", "1:1", "malformed XML"),
                // DTD and external entity
                bad(
                        "DTD",
                        "<?xml version=\"1.0\"?>\n<!DOCTYPE tlsEnforcement SYSTEM \"http://attacker.example/x.dtd\">\n<tlsEnforcement/>",
                        "2:1",
                        "<!DOCTYPE>",
                        "remove it"),
                bad(
                        "external entity",
                        "<!DOCTYPE t [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>\n<tlsEnforcement>&f;</tlsEnforcement>",
                        "1:1",
                        "<!DOCTYPE>",
                        "every entity"),
                bad(
                        "DTD with a bracket that is none",
                        "<!-- c --> <!DOCTYPE t [<!ENTITY f \"]>\">]><tlsEnforcement/>",
                        "1:12",
                        "<!DOCTYPE>"),
                bad(
                        "inclusion",
                        file("<xi:include href=\"other.xml\" xmlns:xi=\"http://www.w3.org/2001/XInclude\"/>"),
                        "2:3",
                        "unknown element <xi:include>"),
                // encoding
                bad(
                        "another encoding declared",
                        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<tlsEnforcement/>",
                        "1:1",
                        "ISO-8859-1",
                        "encoding=\"UTF-8\""),
                // unknown element
                bad(
                        "another root",
                        "\n<tlsPolicies/>",
                        "2:1",
                        "unknown element <tlsPolicies>",
                        "write <tlsEnforcement>"),
                bad(
                        "root in a namespace",
                        "<t:tlsEnforcement xmlns:t=\"urn:t\"/>",
                        "1:1",
                        "unknown element <t:tlsEnforcement>"),
                bad(
                        "unknown element at the top",
                        file("<domian name=\"a.example\"/>"),
                        "2:3",
                        "unknown element <domian>",
                        "write <domain> or <otherDomains>"),
                bad(
                        "unknown element in a domain",
                        domain("<validation>strong</validation>"),
                        "3:5",
                        "unknown element <validation>",
                        "<certificateValidation>"),
                bad(
                        "wrong case",
                        domain("<staticroute>a.example</staticroute>"),
                        "3:5",
                        "unknown element <staticroute>",
                        "<staticRoute>"),
                bad(
                        "unknown element in exclusions",
                        domain("<excludedSubDomains>\n<domain>a</domain></excludedSubDomains>"),
                        "4:1",
                        "unknown element <domain>",
                        "write <subDomain>"),
                bad(
                        "unknown element in trusted names",
                        domain("<trustedCommonNames><name>a</name></trustedCommonNames>"),
                        "3:25",
                        "unknown element <name>",
                        "write <commonName>"),
                bad(
                        "unknown element in other domains",
                        file("<otherDomains><mode/></otherDomains>"),
                        "2:17",
                        "unknown element <mode>",
                        "write <tls>"),
                bad(
                        "element in a value",
                        domain("<certificateValidation>strong<b/></certificateValidation>"),
                        "3:34",
                        "<b> inside <certificateValidation>"),
                // unknown attribute
                bad(
                        "unknown attribute of the root",
                        "<tlsEnforcement version=\"1\"/>",
                        "1:17",
                        "unknown attribute version"),
                bad("namespace of the root", "<tlsEnforcement xmlns=\"urn:x\"/>", "1:17", "unknown attribute xmlns"),
                bad(
                        "unknown attribute of a domain",
                        file("<domain\n  name=\"a.example\"\n  mode = 'strict'/>"),
                        "4:3",
                        "unknown attribute mode of <domain>",
                        "write name"),
                bad(
                        "attribute whose name occurs in another's value",
                        "<tlsEnforcement xsi:noNamespaceSchemaLocation=\" version=\" version=\"1\"/>",
                        "1:59",
                        "unknown attribute version of <tlsEnforcement>; write xmlns:xsi or xsi:noNamespaceSchemaLocation"),
                bad(
                        "attribute beyond ASCII, after the ends of a tag in another's value",
                        "<tlsEnforcement xsi:noNamespaceSchemaLocation='>\"/' b\u00fccher='1'/>",
                        "1:53",
                        "unknown attribute b\\u00fccher"),
                bad(
                        "attribute where none may be",
                        domain(
                                "<mailDelivery>staticRoute</mailDelivery><staticRoute port=\"25\">a.example</staticRoute>"),
                        "3:58",
                        "unknown attribute port",
                        "it has none"),
                // unknown value
                bad(
                        "unknown validation",
                        domain("<certificateValidation>strict</certificateValidation>"),
                        "3:28",
                        "'strict'",
                        "write strong or relaxed"),
                bad(
                        "value of another case",
                        domain("<certificateValidation>Strong</certificateValidation>"),
                        "3:28",
                        "'Strong'"),
                bad("unknown mode", domain("<mode>testing</mode>"), "3:11", "'testing'", "write enforce or report"),
                bad("no mail host", domain("<mailHosts/>"), "3:5", "<mailHosts> is empty", "write <mailHost>"),
                bad(
                        "wildcard that is not the first label",
                        domain("<mailHosts><mailHost>mx.*.bank.example</mailHost></mailHosts>"),
                        "3:26",
                        "'mx.*.bank.example' is not a mail host",
                        "*.mail.bank.example"),
                bad(
                        "wildcard for several labels",
                        domain("<mailHosts><mailHost>*.*.bank.example</mailHost></mailHosts>"),
                        "3:26",
                        "where * stands for one label"),
                bad(
                        "address as a mail host",
                        domain("<mailHosts><mailHost>192.0.2.1</mailHost></mailHosts>"),
                        "3:26",
                        "'192.0.2.1' is not a mail host"),
                bad(
                        "mail hosts beside a static route",
                        domain("<mailHosts><mailHost>mx.bank.example</mailHost></mailHosts>\n"
                                + "<mailDelivery>staticRoute</mailDelivery><staticRoute>mx.bank.example</staticRoute>"),
                        "3:5",
                        "<mailHosts> beside staticRoute delivery",
                        "remove it"),
                bad(
                        "unknown delivery",
                        domain("<mailDelivery>\n  mx\n</mailDelivery>"),
                        "4:3",
                        "'mx'",
                        "write inboundRoute or staticRoute"),
                bad(
                        "unknown TLS",
                        file("<otherDomains><tls>yes</tls></otherDomains>"),
                        "2:22",
                        "'yes'",
                        "write opportunistic or required or none"),
                bad("value in CDATA", domain("<mailDelivery><![CDATA[mx]]></mailDelivery>"), "3:19", "'mx'"),
                bad("value after a comment", domain("<mailDelivery><!-- > --> mx</mailDelivery>"), "3:30", "'mx'"),
                // empty and stray
                bad(
                        "empty validation",
                        domain("<certificateValidation/>"),
                        "3:5",
                        "<certificateValidation> is empty",
                        "<certificateValidation>strong</certificateValidation>"),
                bad(
                        "blank route",
                        domain("<mailDelivery>staticRoute</mailDelivery><staticRoute>  </staticRoute>"),
                        "3:45",
                        "<staticRoute> is empty"),
                bad(
                        "no exclusion",
                        domain("<excludedSubDomains/>"),
                        "3:5",
                        "<excludedSubDomains> is empty",
                        "write <subDomain>"),
                bad(
                        "empty exclusion",
                        domain("<excludedSubDomains><subDomain/></excludedSubDomains>"),
                        "3:25",
                        "<subDomain> is empty"),
                bad(
                        "no trusted name",
                        domain("<trustedCommonNames> </trustedCommonNames>"),
                        "3:5",
                        "<trustedCommonNames> is empty",
                        "write <commonName>"),
                bad(
                        "empty trusted name",
                        domain("<trustedCommonNames><commonName> </commonName></trustedCommonNames>"),
                        "3:25",
                        "<commonName> is empty"),
                bad("empty other domains", file("<otherDomains/>"), "2:3", "<otherDomains> is empty", "write <tls>"),
                bad(
                        "text at the top",
                        file("<domain name=\"a.example\"/>\n  bank.example"),
                        "3:3",
                        "text 'bank.example'",
                        "remove it"),
                bad(
                        "text in a domain",
                        "<tlsEnforcement><domain name=\"a.example\">relaxed</domain></tlsEnforcement>",
                        "1:42",
                        "text 'relaxed'"),
                bad(
                        "text between list items",
                        domain(
                                "<excludedSubDomains><subDomain>a.bank.example</subDomain>, b.bank.example</excludedSubDomains>"),
                        "3:62",
                        "text ', b.bank.example'"),
                // given twice
                bad(
                        "setting twice",
                        domain("<mailDelivery>inboundRoute</mailDelivery>\n<mailDelivery>inboundRoute</mailDelivery>"),
                        "4:1",
                        "<mailDelivery> is given twice"),
                bad(
                        "list twice",
                        domain(
                                "<excludedSubDomains><subDomain>a.bank.example</subDomain></excludedSubDomains><excludedSubDomains><subDomain>b.bank.example</subDomain></excludedSubDomains>"),
                        "3:83",
                        "<excludedSubDomains> is given twice"),
                bad(
                        "other domains twice",
                        file(
                                "<otherDomains><tls>none</tls></otherDomains>\n  <otherDomains><tls>none</tls></otherDomains>"),
                        "3:3",
                        "<otherDomains> is given twice"),
                // domain names
                bad("no name", file("<domain/>"), "2:3", "<domain> has no name", "<domain name=\"bank.example\">"),
                bad("empty name", file("<domain name=\"\"/>"), "2:11", "the name of <domain> is empty"),
                bad("blank name", file("<domain name=\" \"/>"), "2:11", "the name of <domain> is empty"),
                bad(
                        "name with an underscore",
                        file("<domain name=\"a_b.example\"/>"),
                        "2:11",
                        "'a_b.example'",
                        "'_' cannot occur"),
                bad(
                        "address as a name",
                        file("<domain name=\"192.0.2.1\"/>"),
                        "2:11",
                        "'192.0.2.1'",
                        "last label is a number"),
                bad(
                        "address literal as a name",
                        file("<domain name=\"[192.0.2.1]\"/>"),
                        "2:11",
                        "'[192.0.2.1]' is not a domain name"),
                bad(
                        "mail address as a name",
                        file("<domain name=\"joe@bank.example\"/>"),
                        "2:11",
                        "'joe@bank.example' is not a domain name"),
                bad(
                        "wildcard as a name",
                        file("<domain name=\"*.bank.example\"/>"),
                        "2:11",
                        "'*.bank.example' is not a domain name"),
                bad(
                        "U-label that IDNA 2003 maps",
                        file("<domain name=\"stra\u00dfe.example\"/>"),
                        "2:11",
                        "'stra\\u00dfe.example'",
                        "write the A-label"),
                bad("terminal control in a name", file("<domain name=\"a\u009b31m.example\"/>"), "2:11", "\\u009b"),
                bad(
                        "excluded name that is none",
                        domain("<excludedSubDomains><subDomain>lists..bank.example</subDomain></excludedSubDomains>"),
                        "3:36",
                        "'lists..bank.example' is not a domain name"),
                // domains against each other
                bad(
                        "listed twice",
                        file("<domain name=\"bank.example\"/>\n  <domain name=\"BANK.example.\"/>"),
                        "3:3",
                        "bank.example is listed twice; write one entry for it (first listed at 2:3)"),
                bad(
                        "excluded name not below",
                        domain("<excludedSubDomains><subDomain>lists.example</subDomain></excludedSubDomains>"),
                        "3:25",
                        "lists.example is excluded from bank.example but is not below it; write a sub-domain of bank.example"),
                bad(
                        "domain excludes itself",
                        domain("<excludedSubDomains><subDomain>bank.example</subDomain></excludedSubDomains>"),
                        "3:25",
                        "not below it"),
                bad(
                        "excluded name that only ends alike",
                        domain("<excludedSubDomains><subDomain>otherbank.example</subDomain></excludedSubDomains>"),
                        "3:25",
                        "not below it"),
                bad(
                        "excluded and listed",
                        file(
                                "<domain name=\"b.example\"><excludedSubDomains><subDomain>a.b.example</subDomain></excludedSubDomains></domain>\n  <domain name=\"a.b.example\"/>"),
                        "2:48",
                        "both excluded and listed",
                        "(listed at 3:3)"),
                bad(
                        "nearest listed ancestor another",
                        file(
                                "<domain name=\"b.example\"><excludedSubDomains><subDomain>c.a.b.example</subDomain></excludedSubDomains></domain>\n  <domain name=\"a.b.example\"/>"),
                        "2:48",
                        "its policy comes from a.b.example",
                        "write the exclusion in the entry of a.b.example"),
                // settings against each other
                bad(
                        "trusted names under relaxed",
                        domain(
                                "<certificateValidation>relaxed</certificateValidation>\n    <trustedCommonNames><commonName>a</commonName></trustedCommonNames>"),
                        "4:5",
                        "<trustedCommonNames> under relaxed validation",
                        "<certificateValidation>strong</certificateValidation>"),
                bad(
                        "trusted names before relaxed",
                        domain(
                                "<trustedCommonNames><commonName>a</commonName></trustedCommonNames>\n    <certificateValidation>relaxed</certificateValidation>"),
                        "3:5",
                        "<trustedCommonNames> under relaxed validation"),
                bad(
                        "route without delivery",
                        domain("<staticRoute>192.0.2.25</staticRoute>"),
                        "3:5",
                        "<staticRoute> without staticRoute delivery",
                        "<mailDelivery>staticRoute</mailDelivery>"),
                bad(
                        "route with inbound delivery",
                        domain("<staticRoute>192.0.2.25</staticRoute><mailDelivery>inboundRoute</mailDelivery>"),
                        "3:5",
                        "<staticRoute> without staticRoute delivery"),
                bad(
                        "delivery without route",
                        domain("<mailDelivery>staticRoute</mailDelivery>"),
                        "3:5",
                        "there is no <staticRoute>",
                        "<staticRoute>192.0.2.25:25</staticRoute>"),
                // routes
                bad("port zero", route("mx.example:0"), "3:58", "0 is not a port"),
                bad("port too high", route("mx.example:65536"), "3:58", "65536 is not a port", "1 to 65535"),
                bad("no port after the colon", route("mx.example:"), "3:58", "'mx.example:' does not end in a port"),
                bad("port that is no number", route("mx.example:smtp"), "3:58", "does not end in a port"),
                bad("address out of range", route("192.0.2.256"), "3:58", "'192.0.2.256' is not an IP address"),
                bad("bare IPv6 that is none", route("2001:db8:::1"), "3:58", "is not an IP address", "brackets"),
                bad("brackets not closed", route("[2001:db8::1"), "3:58", "is not an IP address"),
                bad(
                        "two hosts",
                        route("mx1.example, mx2.example"),
                        "3:58",
                        "is not a domain name",
                        "write host, IP, host:port or IP:port"),
                bad("URL", route("smtp://mx.example"), "3:58", "does not end in a port"));
    }

    private static String route(String route) {
        return domain("<mailDelivery>staticRoute</mailDelivery><staticRoute>" + route + "</staticRoute>");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void parseShouldTellPlaceAndRemedyWhen(String why, String content, String position, List<String> fragments) {
        List<PolicyFileError> errors = errorsOf(content.getBytes(UTF_8));

        assertThat(errors).hasSize(1);
        assertThat(errors.get(0).toString())
                .startsWith("policy.xml:" + position + ": ")
                .contains(fragments);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void parseShouldTellTheSameWhenLinesEndInCrLfAndAByteOrderMarkComesFirst(
            String why, String content, String position, List<String> fragments) {
        List<PolicyFileError> errors = errorsOf(("\ufeff" + content.replace("\n", "\r\n")).getBytes(UTF_8));

        assertThat(errors)
                .extracting(PolicyFileError::toString)
                .first()
                .asString()
                .startsWith("policy.xml:" + position);
    }

    @Test
    void parseShouldTellEveryErrorInTheOrderOfTheFile() {
        List<PolicyFileError> errors = errorsOf("""
                <tlsEnforcement>
                  <domain name="bank.example">
                    <excludedSubDomains><subDomain>shop.example</subDomain></excludedSubDomains>
                    <certificateValidation>weak</certificateValidation>
                    <staticRoute>a:b:c</staticRoute>
                  </domain>
                  <domain/>
                  <domain name="bank.example"/>
                  <other/>
                </tlsEnforcement>
                """.getBytes(UTF_8));

        assertThat(errors)
                .extracting(error -> error.line() + ":" + error.column())
                .containsExactly("3:25", "4:28", "5:5", "5:18", "7:3", "8:3", "9:3");
    }

    @Test
    void parseShouldTellTheErrorsUpToTheMalformation() {
        List<PolicyFileError> errors = errorsOf(
                "<tlsEnforcement>\n<x/>\n<domain name='a.example'/>\n<domain name='a.example'/>\n<y></z><other/>"
                        .getBytes(UTF_8));

        assertThat(errors).extracting(PolicyFileError::line).containsExactly(2, 4, 5, 5);
        assertThat(errors.get(3).message()).startsWith("malformed XML: ");
    }

    @Test
    void parseShouldTellTheByteWhenTheFileIsNotUtf8() {
        byte[] latin1 = "<tlsEnforcement>\n <!-- gr\u00fc\u00df -->\n</tlsEnforcement>"
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThat(errorsOf(latin1))
                .containsExactly(
                        new PolicyFileError("policy.xml", 2, 9, "byte 0xFC is not UTF-8; save the file in UTF-8"));
    }

    @Test
    void parseShouldCountColumnsInUtf16Characters() {
        String content = "<tlsEnforcement><!-- \u20ac \ud83d\ude00 --><x/></tlsEnforcement>";

        assertThat(errorsOf(content.getBytes(UTF_8)))
                .extracting(PolicyFileError::column)
                .containsExactly(content.indexOf("<x/>") + 1);
    }

    @Test
    void parseShouldNotTellWhatFollowsFromAnotherError() {
        List<PolicyFileError> errors =
                errorsOf(domain("<mailDelivery>static</mailDelivery><staticRoute>192.0.2.1</staticRoute>")
                        .getBytes(UTF_8));

        assertThat(errors)
                .extracting(PolicyFileError::message)
                .singleElement()
                .asString()
                .contains("'static'");
    }

    @Test
    void messageShouldListTheFirstTwentyErrorsAndCountTheOthers() {
        PolicyFileException rejection = catchThrowableOfType(
                PolicyFileException.class,
                () -> PolicyFile.parse("policy.xml", file("<x/>\n".repeat(23)).getBytes(UTF_8)));

        assertThat(rejection.errors()).hasSize(23);
        assertThat(rejection.getMessage().lines()).hasSize(21).last().isEqualTo("and 3 more");
    }

    private static List<PolicyFileError> errorsOf(byte[] content) {
        return catchThrowableOfType(PolicyFileException.class, () -> PolicyFile.parse("policy.xml", content))
                .errors();
    }
}
