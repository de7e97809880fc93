package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jamestls.policy.Host;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.policy.Violation;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class NameRuleTest {

    private static final String MX = "mx.bank.example";
    private static final CertificateAuthority ROOT = CertificateAuthority.root("Root");
    private static final String SAN = "2.5.29.17";

    /** Request, mail host, trusted common names, whether the names suffice, why. */
    static final List<Arguments> NAMES = List.of(
            arguments(new Request("O=Bank,CN=" + MX + ",CN=x"), MX, "", false, "x is more specific"),
            arguments(
                    new Request("O=Bank,CN=x,CN=" + MX), MX, "", true, "the most specific stands last in the encoding"),
            arguments(new Request("CN=" + MX + "+CN=x"), MX, "", false, "two CNs in one: nothing says which counts"),
            arguments(new Request("CN=" + MX + "+OU=Mail"), MX, "", true, "one CN beside another attribute"),
            arguments(new Request("OU=" + MX), MX, "", false, "another attribute is no CN"),
            arguments(new Request("CN=" + MX + "\\00.evil.example"), MX, "", false, "a NUL in the CN"),
            arguments(new Request("CN=x").dnsName(MX + "\0.evil.example"), MX, "", false, "a NUL in the SAN"),
            arguments(new Request("CN=" + MX + "."), MX, "", false, "a trailing dot in the CN"),
            arguments(new Request("CN=b\u00fccher.example"), "xn--bcher-kva.example", "", false, "a U-label in the CN"),
            arguments(new Request("O=x").extension(SAN, false, san(GeneralName.rfc822Name, MX)), MX, "", false, "mail"),
            arguments(
                    new Request("O=x")
                            .extension(SAN, false, san(GeneralName.uniformResourceIdentifier, "smtp://" + MX)),
                    MX,
                    "",
                    false,
                    "a URI"),
            arguments(new Request("O=x").ipAddress("192.0.2.25"), "192.0.2.25", "", true, "an IP SAN"),
            arguments(new Request("O=x").dnsName("192.0.2.25"), "192.0.2.25", "", false, "an address as a DNS SAN"),
            arguments(new Request("CN=192.0.2.25"), "192.0.2.25", "", false, "an address as the CN"),
            arguments(new Request("CN=192.0.2.25"), "192.0.2.25", "192.0.2.25", true, "unless that text is trusted"),
            arguments(new Request("O=x").dnsName("*.0.2.25"), "192.0.2.25", "", false, "no wildcard for an address"),
            arguments(
                    new Request("O=x").extension(SAN, false, ipSan(mapped())),
                    "192.0.2.25",
                    "",
                    false,
                    "RFC 9525 §6.4: octets are compared, and a mapped address has sixteen"),
            arguments(
                    new Request("O=x").extension(SAN, false, ipSan(new byte[] {(byte) 192, 0, 2})),
                    "192.0.2.25",
                    "",
                    false,
                    "three octets are no address"),
            arguments(new Request("CN=Bank Gateway"), MX, "BANK gateway", true, "text ignores case"),
            arguments(new Request("CN=Bank Gateway"), MX, "Bank", false, "and is compared as a whole"),
            arguments(new Request("CN=*.hosting.example"), MX, "mx.hosting.example", true, "a wildcard in the CN"),
            arguments(new Request("CN=mx.hosting.example"), MX, "*.hosting.example", false, "not the very wildcard"),
            arguments(
                    new Request("O=x").dnsName("*.HOSTING.example"),
                    MX,
                    "*.hosting.example",
                    true,
                    "the very wildcard"),
            arguments(new Request("O=x").dnsName("a.mx.hosting.example"), MX, "mx.hosting.example", false, "below it"),
            arguments(new Request("CN=MX.Hosting.Example"), MX, "mx.hosting.example", true, "names ignore case"),
            arguments(new Request("CN=" + MX), MX, "mx.hosting.example", true, "the host's own name suffices still"));

    @ParameterizedTest(name = "{4}")
    @FieldSource("NAMES")
    void checkShouldFollowTheTable(Request request, String host, String trusted, boolean borne, String why) {
        CertificationPath path = new CertificationPath(ROOT.issue(request).chain(), Optional.of(ROOT.certificate()));
        Set<TrustedCommonName> names = Stream.of(trusted)
                .filter(text -> !text.isEmpty())
                .map(TrustedCommonName::parse)
                .collect(Collectors.toSet());

        assertThat(new NameRule(Host.parse(host), names).check(path).map(violation -> violation.violation()))
                .as(why)
                .isEqualTo(borne ? Optional.empty() : Optional.of(Violation.CERTIFICATE_NAME_MISMATCH));
    }

    /** A wildcard is within an exclusion of one name below it only by its text. */
    @Test
    void checkShouldRefuseAWildcardForAHostThatAnAuthorityExcludes() {
        CertificateAuthority barred = ROOT.intermediate(new Request("CN=Barred Host").excludedDnsNames(MX));
        CertificationPath path = new CertificationPath(
                barred.issue(new Request("O=x").dnsName("*.bank.example")).chain(), Optional.of(ROOT.certificate()));

        assertThat(new NameRule(Host.parse(MX), Set.of()).check(path)).isPresent();
        assertThat(new NameRule(Host.parse("mx2.bank.example"), Set.of()).check(path))
                .isEmpty();
    }

    @Test
    void violationShouldSayWhenACommonNameDoesNotCount() {
        CertificateAuthority constrained =
                ROOT.intermediate(new Request("CN=Constrained").permittedDnsNames("bank.example"));
        CertificationPath path = new CertificationPath(
                constrained.issue(new Request("CN=" + MX)).chain(), Optional.of(ROOT.certificate()));

        assertThat(new NameRule(Host.parse(MX), Set.of()).check(path))
                .hasValueSatisfying(violation -> assertThat(violation.presented())
                        .startsWith("the CN does not count under DNS name constraints: CN=mx.bank.example"));
    }

    private static DERSequence san(int type, String text) {
        return new DERSequence(new GeneralName(type, text));
    }

    private static DERSequence ipSan(byte[] octets) {
        return new DERSequence(new GeneralName(GeneralName.iPAddress, new DEROctetString(octets)));
    }

    private static byte[] mapped() {
        return new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 192, 0, 2, 25};
    }
}
