package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.Host;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.Der;
import org.jamestls.testing.WrittenCertificate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Authorities that certify each other, after the path building suite of BetterTLS and RFC 4158 §2: a graph is a list of
 * {@code issuer>subject}, each a certificate that the mail host presents. One node is trusted, and a way to {@code EE} has to
 * be found if there is one among the edges that are not spoilt.
 */
class PathGraphTest {

    private static final Map<String, String> GRAPHS = Map.of(
            "line", "I>EE T>I",
            "two roots", "I>EE R1>I R2>I",
            "figure 7", "B>EE C>B A>B C>A A>C T>C T>A",
            "bridge",
                    "F>H F>G G>F H>I I>H G>I W>F W>G J>K N>EE L>N L>M X>J X>L B>E B>D A>B C>B A>C C>A Y>A Y>C R>S O>R O>Q "
                            + "P>S Z>O Z>P W>Br Br>W X>Br Br>X Y>Br Br>Y Z>Br Br>Z",
            "mutual", "A1>EE A2>A1 A1>A2 A2>B B>A2 T>B",
            "round", "A>EE B>A A>B");

    private static final List<String> ROWS = List.of(
            "line | T | - | the plainest chain",
            "line | T | T>I | its only intermediate is spoilt",
            "line | I | T>I | the intermediate is trusted itself, so its certificate does not count",
            "two roots | R1 | - | either root will do",
            "two roots | R2 | - | either root will do",
            "two roots | R1 | R2>I | the other root's certificate is spoilt",
            "two roots | R2 | R1>I | the other root's certificate is spoilt",
            "two roots | R1 | R1>I | the trusted root's is",
            "two roots | R2 | R2>I | the trusted root's is",
            "figure 7 | T | - | several ways",
            "figure 7 | T | T>C A>B | by A, then C",
            "figure 7 | T | T>A C>B | by C, then A",
            "figure 7 | T | A>B C>B | no way past B",
            "bridge | Z | - | over the bridge",
            "bridge | Z | X>Br | a certificate that leads elsewhere is spoilt",
            "bridge | Z | Br>X | the bridge's certificate for X is spoilt",
            "bridge | Z | Z>Br | that for the bridge is",
            "mutual | T | - | two authorities that certify each other, below a third that one of them certifies too",
            "round | T | - | two authorities that certify each other, and nobody above");

    private static final Host MX = new DomainName("mx.bank.example");
    private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();

    /** The ways to spoil a certificate. */
    private enum Spoilt {
        EXPIRED,
        NAME_CONSTRAINTS,
        OTHER_PURPOSE,
        NO_BASIC_CONSTRAINTS,
        NO_AUTHORITY,
        SHA_1
    }

    static Stream<Arguments> rows() {
        return ROWS.stream()
                .map(row -> Arrays.stream(row.split("\\|")).map(String::trim).toList())
                .flatMap(cells -> cells.get(2).equals("-")
                        ? Stream.of(Arguments.of(cells, Spoilt.EXPIRED))
                        : Stream.of(Spoilt.values()).map(spoilt -> Arguments.of(cells, spoilt)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rows")
    @Timeout(60)
    void checkShouldFindAWayWhenThereIsOne(List<String> row, Spoilt kind) {
        List<String> edges = List.of(GRAPHS.get(row.get(0)).split(" "));
        String trusted = row.get(1);
        Set<String> spoilt = Set.of(row.get(2).split(" "));
        List<X509Certificate> presented = new ArrayList<>();
        for (String edge : edges) {
            X509Certificate certificate = certificate(edge, spoilt.contains(edge), kind);
            presented.add(subject(edge).equals("EE") ? 0 : presented.size(), certificate);
        }
        X509Certificate root = certificate(trusted + ">" + trusted, false, kind);

        boolean accepted = new StrongValidation(TrustedRoots.of(List.of(root)), Set.of(), Clock.systemUTC())
                .check(presented, MX)
                .isEmpty();

        assertThat(accepted).as(row.get(3)).isEqualTo(leads(edges, spoilt, trusted, Set.of()));
    }

    private static boolean leads(List<String> edges, Set<String> spoilt, String from, Set<String> passed) {
        if (from.equals("EE")) {
            return true;
        }
        Set<String> now = new HashSet<>(passed);
        return now.add(from)
                && edges.stream()
                        .filter(edge -> issuer(edge).equals(from) && !spoilt.contains(edge))
                        .anyMatch(edge -> leads(edges, spoilt, subject(edge), now));
    }

    private static String issuer(String edge) {
        return edge.substring(0, edge.indexOf('>'));
    }

    private static String subject(String edge) {
        return edge.substring(edge.indexOf('>') + 1);
    }

    private static X509Certificate certificate(String edge, boolean spoilt, Spoilt kind) {
        boolean server = subject(edge).equals("EE");
        WrittenCertificate certificate = new WrittenCertificate("CN=" + subject(edge), "CN=" + issuer(edge));
        if (server) {
            certificate.extension(
                    "2.5.29.17", false, Der.sequence(Der.implicit(2, MX.text().getBytes(StandardCharsets.US_ASCII))));
        }
        if (!server && !(spoilt && kind == Spoilt.NO_BASIC_CONSTRAINTS)) {
            certificate.extension(
                    "2.5.29.19",
                    true,
                    spoilt && kind == Spoilt.NO_AUTHORITY ? Der.sequence() : Der.sequence(Der.yes()));
        }
        if (spoilt) {
            spoil(certificate, kind);
        }
        return certificate.sign(keys(subject(edge)), keys(issuer(edge)).getPrivate());
    }

    private static void spoil(WrittenCertificate certificate, Spoilt kind) {
        switch (kind) {
            case EXPIRED -> certificate.valid(Duration.ofDays(-30), Duration.ofDays(-1));
            case NAME_CONSTRAINTS ->
                certificate.extension(
                        "2.5.29.30",
                        true,
                        Der.sequence(Der.explicit(
                                0, Der.sequence(Der.implicit(2, "evil.example".getBytes(StandardCharsets.US_ASCII))))));
            case OTHER_PURPOSE -> certificate.extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.4")));
            case SHA_1 -> certificate.signedWith("SHA1");
            case NO_BASIC_CONSTRAINTS, NO_AUTHORITY -> {
                // its basic constraints are what is wrong
            }
        }
    }

    private static KeyPair keys(String node) {
        return KEYS.computeIfAbsent(node, unused -> CertificateAuthority.ecKeys());
    }
}
