package org.jamestls.policyfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.SAXException;

/** The schema that editors use says the same as the reader, as far as a schema can. */
class PolicySchemaTest {

    private static final Path SAMPLE = Path.of("conf/tls-enforcement.xml");

    private static Schema schema;

    @BeforeAll
    static void readSchema() throws SAXException {
        schema = SchemaFactory.newDefaultInstance()
                .newSchema(Path.of("conf/tls-enforcement.xsd").toFile());
    }

    @Test
    void schemaShouldAcceptTheSample() throws IOException {
        assertThat(schemaAccepts(Files.readString(SAMPLE))).isTrue();
    }

    @Test
    void schemaShouldBeInTheJar() {
        assertThat(PolicyFile.class.getResource("tls-enforcement.xsd")).isNotNull();
    }

    static Stream<Arguments> structures() {
        return Stream.of(
                Arguments.of("", true, "no domain"),
                Arguments.of("<domain name='a.example'/><domain name='b.example'/>", true, "domains"),
                Arguments.of(
                        "<otherDomains><tls>none</tls></otherDomains><domain name='a.example'/>",
                        true,
                        "other domains first"),
                Arguments.of(
                        "<domain name='a.example'/><otherDomains><tls> required </tls></otherDomains>",
                        true,
                        "other domains last"),
                Arguments.of(
                        "<domain name='a.example'/><otherDomains><tls>opportunistic</tls></otherDomains><domain name='b.example'/>",
                        true,
                        "other domains between"),
                Arguments.of(
                        "<otherDomains><tls>none</tls></otherDomains><otherDomains><tls>none</tls></otherDomains>",
                        false,
                        "other domains twice"),
                Arguments.of("<otherDomains/>", false, "other domains empty"),
                Arguments.of("<otherDomains><tls/></otherDomains>", false, "value empty"),
                Arguments.of("<otherDomains><tls>yes</tls></otherDomains>", false, "value unknown"),
                Arguments.of("<otherDomains><tls>none</tls><tls>none</tls></otherDomains>", false, "value twice"),
                Arguments.of("<domain/>", false, "no name"),
                Arguments.of("<domain name=''/>", false, "empty name"),
                Arguments.of("<domain name=' '/>", false, "blank name"),
                Arguments.of("<domain name=' b\u00fccher.example '/>", true, "U-label, white space around"),
                Arguments.of("<domain name='a b.example'/>", false, "white space in a name"),
                Arguments.of("<domain name='a_b.example'/>", false, "underscore in a name"),
                Arguments.of("<domain name='.example'/>", false, "dot first"),
                Arguments.of("<domain name='-a.example'/>", false, "hyphen first"),
                Arguments.of("<domain name='a.example'/><domain name='a.example'/>", false, "domain twice"),
                Arguments.of("<domain name='a.example' mode='testing'/>", false, "unknown attribute"),
                Arguments.of("<domain name='a.example'>strong</domain>", false, "text in a domain"),
                Arguments.of("bank.example", false, "text at the top"),
                Arguments.of("<mailHosts/>", false, "unknown element at the top"),
                domain("<routes/>", false, "unknown element in a domain"),
                domain("<mode>report</mode>", true, "mode"),
                domain("<mode/>", false, "mode empty"),
                domain("<mode>testing</mode>", false, "mode unknown"),
                domain("<mailHosts/>", false, "no mail host"),
                domain("<mailHosts><mailHost/></mailHosts>", false, "mail host empty"),
                domain("<mailHosts><mailHost>a b</mailHost></mailHosts>", false, "white space in a mail host"),
                domain(
                        "<mailHosts><mailHost>*.mail.a.example</mailHost><mailHost>mx.a.example</mailHost></mailHosts>",
                        true,
                        "mail hosts"),
                domain(
                        "<staticRoute>mx.example</staticRoute><mailDelivery>staticRoute</mailDelivery><certificateValidation>relaxed</certificateValidation>",
                        true,
                        "any order"),
                domain(
                        "<mailDelivery>inboundRoute</mailDelivery><mailDelivery>inboundRoute</mailDelivery>",
                        false,
                        "setting twice"),
                domain("<mailDelivery/>", false, "delivery empty"),
                domain("<mailDelivery>mx</mailDelivery>", false, "delivery unknown"),
                domain("<mailDelivery x='1'>inboundRoute</mailDelivery>", false, "attribute of a setting"),
                domain("<certificateValidation/>", false, "validation empty"),
                domain("<certificateValidation>STRONG</certificateValidation>", false, "validation in upper case"),
                domain(
                        "<certificateValidation>\n strong\n</certificateValidation>",
                        true,
                        "white space around a value"),
                domain("<certificateValidation><strong/></certificateValidation>", false, "element in a value"),
                domain("<mailDelivery>staticRoute</mailDelivery><staticRoute/>", false, "route empty"),
                domain(
                        "<mailDelivery>staticRoute</mailDelivery><staticRoute>a b</staticRoute>",
                        false,
                        "white space in a route"),
                domain("<excludedSubDomains/>", false, "no exclusion"),
                domain(
                        "<excludedSubDomains><subDomain>s.a.example</subDomain><subDomain>t.a.example</subDomain></excludedSubDomains>",
                        true,
                        "exclusions"),
                domain("<excludedSubDomains><subDomain/></excludedSubDomains>", false, "exclusion empty"),
                domain("<trustedCommonNames/>", false, "no trusted name"),
                domain(
                        "<trustedCommonNames><commonName>Bank Mail\n Gateway</commonName></trustedCommonNames>",
                        true,
                        "trusted text"),
                domain(
                        "<trustedCommonNames><commonName> </commonName></trustedCommonNames>",
                        false,
                        "trusted name blank"));
    }

    private static Arguments domain(String inside, boolean accepted, String why) {
        return Arguments.of("<domain name='a.example'>" + inside + "</domain>", accepted, why);
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("structures")
    void schemaAndReaderShouldAgree(String inside, boolean accepted, String why) {
        String file = "<tlsEnforcement>" + inside + "</tlsEnforcement>";

        assertThat(schemaAccepts(file)).as("schema").isEqualTo(accepted);
        assertThat(readerAccepts(file)).as("reader").isEqualTo(accepted);
    }

    static Stream<Arguments> beyondASchema() {
        return Stream.of(
                domain("<mailDelivery>staticRoute</mailDelivery>", false, "delivery without a route"),
                domain("<staticRoute>mx.example</staticRoute>", false, "route without delivery"),
                domain(
                        "<mailDelivery>staticRoute</mailDelivery><staticRoute>mx.example</staticRoute><mailHosts><mailHost>mx.example</mailHost></mailHosts>",
                        false,
                        "mail hosts beside a static route"),
                domain(
                        "<mailHosts><mailHost>mx.*.example</mailHost></mailHosts>",
                        false,
                        "wildcard inside a mail host"),
                domain(
                        "<certificateValidation>relaxed</certificateValidation><trustedCommonNames><commonName>a</commonName></trustedCommonNames>",
                        false,
                        "trusted names under relaxed"),
                domain(
                        "<excludedSubDomains><subDomain>b.example</subDomain></excludedSubDomains>",
                        false,
                        "exclusion not below"),
                Arguments.of(
                        "<domain name='a.example'/><domain name='A.example'/>",
                        false,
                        "domain twice, written otherwise"),
                Arguments.of("<domain name='192.0.2.1'/>", false, "address"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("beyondASchema")
    void readerShouldRejectWhatASchemaCannot(String inside, boolean accepted, String why) {
        String file = "<tlsEnforcement>" + inside + "</tlsEnforcement>";

        assertThat(schemaAccepts(file)).as("schema").isTrue();
        assertThat(readerAccepts(file)).as("reader").isEqualTo(accepted);
    }

    private static boolean schemaAccepts(String file) {
        try {
            var validator = schema.newValidator();
            validator.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            validator.validate(new StreamSource(new StringReader(file)));
            return true;
        } catch (SAXException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean readerAccepts(String file) {
        try {
            PolicyFile.parse("policy.xml", file.getBytes(UTF_8));
            return true;
        } catch (PolicyFileException e) {
            return false;
        }
    }
}
