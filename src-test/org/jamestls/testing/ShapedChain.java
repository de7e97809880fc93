package org.jamestls.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A chain of certificates from a line of words for each, written octet by octet. The words, any of them repeated; {@code _}
 * stands for a space, and {@code -} for no words at all:
 *
 * <pre>
 * subject=O=Bank,CN=x      the subject, what is nearest to the root of the directory first; empty too
 * dns= mail= uri= ip= dir= a SAN of that form; raw9=hex one with that tag; other= rid= x400= those that nobody evaluates
 * permit.dns=bank.example  a permitted subtree, of any of these forms; ip as network/mask or hex; ;min=1 or ;max=1 behind it
 * exclude.dns=             an excluded one
 * nc=plain|empty|hollow|garbled  name constraints that are not critical, without subtrees, with an empty list, or no DER
 * ca=0|no|absent|garbled|negative  most intermediates below an authority, or basic constraints of another kind
 * usage=sign+cert+crl+cipher|absent|garbled, purpose=server+client+mail+any|absent|empty|garbled
 * policies=3, mappings=3   that many certificate policies, and each of that many mapped to each of them
 * garbled=2.5.29.35, ext=1.2.3, critical=1.2.3  an extension that is no DER, that is unknown, that is unknown and critical
 * days=-30..-1, version=1, hash=SHA1, by=stranger  dates, version, signature, and a signature by another key
 * </pre>
 *
 * @param root the root
 * @param presented the mail host's certificate, then its issuers without the root
 */
public record ShapedChain(X509Certificate root, List<X509Certificate> presented) {

    private static final String ROOT = "O=Shapes,CN=Root";
    private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();
    private static final byte[] NO_DER = {0x30, 0x7f, 0x01};
    private static final Map<String, Integer> USAGES = Map.of("sign", 0, "cipher", 2, "cert", 5, "crl", 6);
    private static final Map<String, String> PURPOSES = Map.of(
            "server", "1.3.6.1.5.5.7.3.1",
            "client", "1.3.6.1.5.5.7.3.2",
            "mail", "1.3.6.1.5.5.7.3.4",
            "any", "2.5.29.37.0");

    /**
     * Makes a chain.
     *
     * @param root the root's words
     * @param intermediates the intermediates' words from the root downwards, with {@code " / "} between them
     * @param leaf the words of the mail host's certificate
     */
    public static ShapedChain of(String root, String intermediates, String leaf) {
        String issuer = Words.of(root).one("subject", ROOT);
        X509Certificate top = certificate(Words.of("ca=any usage=cert+crl " + root), issuer, issuer, "root", "root");
        List<X509Certificate> presented = new ArrayList<>();
        String issuerKey = "root";
        int depth = 0;
        for (String shape : intermediates.equals("-") ? new String[0] : intermediates.split(" / ")) {
            Words words = Words.of("ca=any usage=cert+crl " + shape);
            String subject = words.one("subject", "O=Shapes,CN=Authority " + ++depth);
            presented.add(0, certificate(words, subject, issuer, subject + depth, issuerKey));
            issuer = subject;
            issuerKey = subject + depth;
        }
        Words words = Words.of("ca=absent usage=sign purpose=server " + leaf);
        presented.add(0, certificate(words, words.one("subject", "O=Bank"), issuer, "leaf", issuerKey));
        return new ShapedChain(top, List.copyOf(presented));
    }

    private static X509Certificate certificate(
            Words words, String subject, String issuer, String subjectKey, String issuerKey) {
        WrittenCertificate certificate = new WrittenCertificate(subject, issuer);
        basicConstraints(certificate, words.one("ca", "absent"));
        keyUsage(certificate, words.one("usage", "absent"));
        purposes(certificate, words.one("purpose", "absent"));
        List<byte[]> names = words.entries()
                .filter(ShapedChain::isName)
                .map(word -> name(word.getKey(), word.getValue()))
                .toList();
        if (!names.isEmpty()) {
            certificate.extension("2.5.29.17", subject.isEmpty(), Der.sequence(names.toArray(byte[][]::new)));
        }
        nameConstraints(certificate, words);
        words.all("policies").forEach(count -> certificate.extension("2.5.29.32", false, policies(count)));
        words.all("mappings").forEach(count -> certificate.extension("2.5.29.33", true, mappings(count)));
        words.all("garbled").forEach(oid -> certificate.extension(oid, false, NO_DER));
        words.all("ext").forEach(oid -> certificate.extension(oid, false, Der.none()));
        words.all("critical").forEach(oid -> certificate.extension(oid, true, Der.none()));
        words.all("days")
                .forEach(days -> certificate.valid(
                        Duration.ofDays(Long.parseLong(days.split("\\.\\.")[0])),
                        Duration.ofDays(Long.parseLong(days.split("\\.\\.")[1]))));
        words.all("version").forEach(version -> certificate.version(Integer.parseInt(version)));
        words.all("hash").forEach(certificate::signedWith);
        return certificate.sign(
                keys(subjectKey), keys(words.one("by", issuerKey)).getPrivate());
    }

    private static KeyPair keys(String name) {
        return KEYS.computeIfAbsent(name, unused -> CertificateAuthority.ecKeys());
    }

    private static void basicConstraints(WrittenCertificate certificate, String shape) {
        switch (shape) {
            case "absent" -> {}
            case "no" -> certificate.extension("2.5.29.19", true, Der.sequence());
            case "any" -> certificate.extension("2.5.29.19", true, Der.sequence(Der.yes()));
            case "negative" -> certificate.extension("2.5.29.19", false, Der.sequence(Der.yes(), Der.integer(-1)));
            case "garbled" -> certificate.extension("2.5.29.19", false, NO_DER);
            default ->
                certificate.extension("2.5.29.19", true, Der.sequence(Der.yes(), Der.integer(Long.parseLong(shape))));
        }
    }

    private static void keyUsage(WrittenCertificate certificate, String shape) {
        switch (shape) {
            case "absent" -> {}
            case "garbled" -> certificate.extension("2.5.29.15", false, NO_DER);
            default ->
                certificate.extension(
                        "2.5.29.15",
                        true,
                        Der.namedBits(Arrays.stream(shape.split("\\+"))
                                .mapToInt(USAGES::get)
                                .toArray()));
        }
    }

    private static void purposes(WrittenCertificate certificate, String shape) {
        switch (shape) {
            case "absent" -> {}
            case "empty" -> certificate.extension("2.5.29.37", false, Der.sequence());
            case "garbled" -> certificate.extension("2.5.29.37", false, NO_DER);
            default ->
                certificate.extension(
                        "2.5.29.37",
                        false,
                        Der.sequence(Arrays.stream(shape.split("\\+"))
                                .map(purpose -> Der.oid(PURPOSES.get(purpose)))
                                .toArray(byte[][]::new)));
        }
    }

    private static void nameConstraints(WrittenCertificate certificate, Words words) {
        byte[] permitted = subtrees(0, words, "permit.");
        byte[] excluded = subtrees(1, words, "exclude.");
        String kind = words.one("nc", permitted.length + excluded.length == 0 ? "absent" : "critical");
        switch (kind) {
            case "absent" -> {}
            case "hollow" -> certificate.extension("2.5.29.30", true, Der.sequence(Der.explicit(0)));
            case "garbled" -> certificate.extension("2.5.29.30", false, NO_DER);
            default -> certificate.extension("2.5.29.30", !kind.equals("plain"), Der.sequence(permitted, excluded));
        }
    }

    private static byte[] subtrees(int number, Words words, String prefix) {
        byte[][] subtrees = words.entries()
                .filter(word -> word.getKey().startsWith(prefix))
                .map(word -> subtree(word.getKey().substring(prefix.length()), word.getValue()))
                .toArray(byte[][]::new);
        return subtrees.length == 0 ? new byte[0] : Der.explicit(number, subtrees);
    }

    private static byte[] subtree(String form, String text) {
        String[] parts = text.split(";", 2);
        byte[] depth = new byte[0];
        if (parts.length > 1) {
            String[] bound = parts[1].split("=");
            depth = Der.implicit(bound[0].equals("min") ? 0 : 1, new byte[] {Byte.parseByte(bound[1])});
        }
        return Der.sequence(name(form, parts[0]), depth);
    }

    private static byte[] policies(String count) {
        return Der.sequence(policyIds(count).map(Der::sequence).toArray(byte[][]::new));
    }

    private static byte[] mappings(String count) {
        return Der.sequence(policyIds(count)
                .flatMap(from -> policyIds(count).map(to -> Der.sequence(from, to)))
                .toArray(byte[][]::new));
    }

    private static Stream<byte[]> policyIds(String count) {
        return IntStream.rangeClosed(1, Integer.parseInt(count)).mapToObj(last -> Der.oid("1.2.3." + last));
    }

    private static boolean isName(Map.Entry<String, String> word) {
        return Stream.of("dns", "mail", "uri", "ip", "dir", "other", "rid", "x400")
                        .anyMatch(word.getKey()::equals)
                || word.getKey().startsWith("raw");
    }

    private static byte[] name(String form, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return switch (form) {
            case "dns" -> Der.implicit(GeneralName.dNSName, octets);
            case "mail" -> Der.implicit(GeneralName.rfc822Name, octets);
            case "uri" -> Der.implicit(GeneralName.uniformResourceIdentifier, octets);
            case "ip" -> Der.implicit(GeneralName.iPAddress, addressOrNetwork(text));
            case "dir" -> Der.explicit(GeneralName.directoryName, WrittenCertificate.name(text));
            case "other" ->
                Der.explicit(GeneralName.otherName, Der.oid("1.3.6.1.4.1.311.20.2.3"), Der.explicit(0, Der.utf8(text)));
            case "rid" -> Der.implicit(GeneralName.registeredID, new byte[] {0x2a, 3, 4});
            case "x400" -> Der.explicit(GeneralName.x400Address, Der.sequence());
            default ->
                Der.implicit(Integer.parseInt(form.substring(3)), HexFormat.of().parseHex(text));
        };
    }

    private static byte[] addressOrNetwork(String text) {
        try {
            if (text.startsWith("hex:")) {
                return HexFormat.of().parseHex(text.substring(4));
            }
            String[] parts = text.split("/");
            byte[] address = InetAddress.getByName(parts[0]).getAddress();
            return parts.length == 1
                    ? address
                    : Der.join(address, InetAddress.getByName(parts[1]).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Words with their values, in order; later ones of a kind that counts once stand before earlier ones. */
    private record Words(List<Map.Entry<String, String>> list) {

        private static Words of(String text) {
            return new Words(Stream.of(text.trim().split("\\s+"))
                    .filter(word -> !word.equals("-") && !word.isEmpty())
                    .map(word -> word.split("=", 2))
                    .map(parts -> Map.entry(parts[0], parts[1].replace('_', ' ')))
                    .toList());
        }

        private Stream<Map.Entry<String, String>> entries() {
            return list.stream();
        }

        private Stream<String> all(String kind) {
            return entries().filter(word -> word.getKey().equals(kind)).map(Map.Entry::getValue);
        }

        private String one(String kind, String otherwise) {
            return all(kind).reduce(otherwise, (earlier, later) -> later);
        }
    }
}
