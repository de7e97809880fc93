package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamestls.policy.Host;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.Der;
import org.jamestls.testing.WrittenCertificate;
import org.junit.jupiter.api.Test;

/**
 * Every combination of names in a certificate with constraints of its issuer, after the name constraints suite of BetterTLS:
 * the host is a name or an address; CN, DNS SAN and IP SAN are absent, the host's or another's; and so are the subtrees
 * permitted and excluded. Behind them, certificates that hide the host in a SAN of another form, or behind a separator. The
 * suite's six checks of what a client can do at all repeat rows of the matrix and are left out.
 */
class NameConstraintMatrixTest {

    /** What one part of a certificate has to do with the host. */
    private enum Part {
        ABSENT,
        HOSTS,
        OTHERS
    }

    private record Case(
            boolean byAddress,
            boolean cnIsAddress,
            Part cn,
            Part dnsSan,
            Part ipSan,
            Part dnsPermitted,
            Part ipPermitted,
            Part dnsExcluded,
            Part ipExcluded,
            byte[] hidden) {

        /** Whether the certificate is to be accepted; empty where those who wrote such suites leave it open. */
        Optional<Boolean> expected() {
            boolean bySan = (byAddress ? ipSan : dnsSan) == Part.HOSTS;
            boolean byCn = cnIsAddress == byAddress && cn == Part.HOSTS;
            if (!bySan && !byCn || forbids(byAddress, Part.HOSTS)) {
                return Optional.of(false);
            }
            boolean allInside = !forbids(false, dnsSan) && !forbids(true, ipSan) && !forbids(cnIsAddress, cn);
            return bySan && allInside ? Optional.of(true) : Optional.empty();
        }

        private boolean forbids(boolean address, Part name) {
            Part permitted = address ? ipPermitted : dnsPermitted;
            Part excluded = address ? ipExcluded : dnsExcluded;
            return name != Part.ABSENT && (permitted != Part.ABSENT && permitted != name || excluded == name);
        }
    }

    private static final Host HOST = Host.parse("mx.bank.example");
    private static final Host ADDRESS = Host.parse("192.0.2.25");
    private static final String OTHER_HOST = "mx.evil.example";
    private static final byte[] HOST_OCTETS = {(byte) 192, 0, 2, 25};
    private static final byte[] OTHER_OCTETS = {(byte) 198, 51, 100, 7};
    private static final int DNS = 2;
    private static final int IP = 7;
    private static final PublicKey KEY = CertificateAuthority.ecKeys().getPublic();
    private static final X509Certificate ROOT =
            CertificateAuthority.root("Root").certificate();

    private final Map<List<Part>, X509Certificate> authorities = new HashMap<>();
    private final Map<List<Object>, X509Certificate> leaves = new HashMap<>();

    @Test
    void everyHardVerdictOfTheMatrixShouldBeRight() {
        List<Case> cases = cases();
        List<Case> hard =
                cases.stream().filter(row -> row.expected().isPresent()).toList();

        assertThat(cases).hasSize(9_485);
        assertThat(hard).hasSize(8_343);
        assertThat(hard)
                .filteredOn(row -> accepted(row) != row.expected().get())
                .isEmpty();
    }

    /** Where a suite leaves the verdict open, ours is: a SAN outside refuses, and a CN without DNS SANs too; under DNS constraints no CN proves anything. */
    @Test
    void everySoftVerdictOfTheMatrixShouldFollowTheConstraintsOnSans() {
        List<Case> soft =
                cases().stream().filter(row -> row.expected().isEmpty()).toList();

        assertThat(soft).filteredOn(row -> accepted(row) != acceptedHere(row)).isEmpty();
    }

    private static boolean acceptedHere(Case row) {
        boolean sansInside = !row.forbids(false, row.dnsSan()) && !row.forbids(true, row.ipSan());
        boolean bySan = (row.byAddress() ? row.ipSan() : row.dnsSan()) == Part.HOSTS;
        boolean byCn = !row.byAddress() && row.dnsPermitted() == Part.ABSENT && row.dnsExcluded() == Part.ABSENT;
        boolean cnInside = row.cnIsAddress() || row.dnsSan() != Part.ABSENT || !row.forbids(false, row.cn());
        return sansInside && cnInside && (bySan || byCn);
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (boolean byAddress : new boolean[] {false, true}) {
            for (boolean cnIsAddress : new boolean[] {false, true}) {
                for (List<Part> parts : combinations(7)) {
                    cases.add(new Case(
                            byAddress,
                            cnIsAddress,
                            parts.get(0),
                            parts.get(1),
                            parts.get(2),
                            parts.get(3),
                            parts.get(4),
                            parts.get(5),
                            parts.get(6),
                            null));
                }
            }
        }
        for (int tag = 0; tag < 16; tag++) {
            for (String scheme : List.of("", "http://", "https://", "spiffe://", "unspec://")) {
                hideHost(cases, tag, scheme + HOST.text());
            }
            hideAddress(cases, tag, HOST_OCTETS);
            hideAddress(cases, tag, octets(ADDRESS.text()));
            for (String separator : List.of(", ", ",", ";", ":")) {
                for (String prefix : List.of("", "DNS:")) {
                    for (String before : List.of(OTHER_HOST, "http://" + OTHER_HOST)) {
                        hideHost(cases, tag, before + separator + prefix + HOST.text());
                    }
                }
            }
        }
        cases.add(hidden(false, Part.ABSENT, Part.HOSTS, 6, octets("http://web.example, DNS:" + HOST.text())));
        return cases;
    }

    private static void hideHost(List<Case> cases, int tag, String text) {
        cases.add(hidden(false, Part.OTHERS, Part.ABSENT, tag, octets(text)));
        cases.add(hidden(false, Part.ABSENT, Part.HOSTS, tag, octets(text)));
    }

    private static void hideAddress(List<Case> cases, int tag, byte[] octets) {
        cases.add(hidden(true, Part.OTHERS, Part.ABSENT, tag, octets));
        cases.add(hidden(true, Part.ABSENT, Part.HOSTS, tag, octets));
    }

    private static Case hidden(boolean byAddress, Part permitted, Part excluded, int tag, byte[] octets) {
        byte[] name = Der.implicit(tag, octets);
        return byAddress
                ? new Case(
                        true,
                        false,
                        Part.ABSENT,
                        Part.ABSENT,
                        Part.OTHERS,
                        Part.ABSENT,
                        permitted,
                        Part.ABSENT,
                        excluded,
                        name)
                : new Case(
                        false,
                        false,
                        Part.ABSENT,
                        Part.OTHERS,
                        Part.ABSENT,
                        permitted,
                        Part.ABSENT,
                        excluded,
                        Part.ABSENT,
                        name);
    }

    private static List<List<Part>> combinations(int length) {
        List<List<Part>> combinations = List.of(List.of());
        for (int i = 0; i < length; i++) {
            combinations = combinations.stream()
                    .flatMap(shorter -> List.of(Part.values()).stream().map(part -> {
                        List<Part> longer = new ArrayList<>(shorter);
                        longer.add(part);
                        return longer;
                    }))
                    .map(List::copyOf)
                    .toList();
        }
        return combinations;
    }

    private boolean accepted(Case row) {
        CertificationPath path =
                new CertificationPath(List.of(leaf(row), authority(row)), Optional.of(ROOT), new CheckLimit());
        return new NameConstraintsRule().check(path).isEmpty()
                && new NameRule(row.byAddress() ? ADDRESS : HOST, Set.of())
                        .check(path)
                        .isEmpty();
    }

    private X509Certificate authority(Case row) {
        return authorities.computeIfAbsent(
                List.of(row.dnsPermitted(), row.ipPermitted(), row.dnsExcluded(), row.ipExcluded()), parts -> {
                    WrittenCertificate authority = new WrittenCertificate("CN=Authority", "CN=Root")
                            .extension("2.5.29.19", true, Der.sequence(Der.yes()));
                    byte[] permitted = subtrees(0, row.dnsPermitted(), row.ipPermitted());
                    byte[] excluded = subtrees(1, row.dnsExcluded(), row.ipExcluded());
                    return (permitted.length + excluded.length == 0
                                    ? authority
                                    : authority.extension("2.5.29.30", true, Der.sequence(permitted, excluded)))
                            .unsigned(KEY);
                });
    }

    private static byte[] subtrees(int number, Part dns, Part ip) {
        byte[] names = dns == Part.ABSENT
                ? new byte[0]
                : Der.sequence(Der.implicit(DNS, octets(dns == Part.HOSTS ? "bank.example" : "evil.example")));
        byte[] network = {0, 0, 0, 0, (byte) 255, (byte) 255, (byte) 255, 0};
        System.arraycopy(ip == Part.HOSTS ? HOST_OCTETS : OTHER_OCTETS, 0, network, 0, 3);
        byte[] addresses = ip == Part.ABSENT ? new byte[0] : Der.sequence(Der.implicit(IP, network));
        return names.length + addresses.length == 0 ? new byte[0] : Der.explicit(number, names, addresses);
    }

    private X509Certificate leaf(Case row) {
        return row.hidden() != null
                ? newLeaf(row)
                : leaves.computeIfAbsent(
                        List.of(row.cnIsAddress(), row.cn(), row.dnsSan(), row.ipSan()), parts -> newLeaf(row));
    }

    private static X509Certificate newLeaf(Case row) {
        byte[] names = Der.join(
                row.dnsSan() == Part.ABSENT
                        ? new byte[0]
                        : Der.implicit(DNS, octets(row.dnsSan() == Part.HOSTS ? HOST.text() : OTHER_HOST)),
                row.ipSan() == Part.ABSENT
                        ? new byte[0]
                        : Der.implicit(IP, row.ipSan() == Part.HOSTS ? HOST_OCTETS : OTHER_OCTETS),
                row.hidden() == null ? new byte[0] : row.hidden());
        WrittenCertificate leaf = new WrittenCertificate("O=Bank" + commonName(row), "CN=Authority");
        return (names.length == 0 ? leaf : leaf.extension("2.5.29.17", false, Der.sequence(names))).unsigned(KEY);
    }

    private static String commonName(Case row) {
        return switch (row.cn()) {
            case ABSENT -> "";
            case HOSTS -> ",CN=" + (row.cnIsAddress() ? ADDRESS : HOST).text();
            case OTHERS -> ",CN=" + (row.cnIsAddress() ? "198.51.100.7" : OTHER_HOST);
        };
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
