package org.jamestls.certificate;

import java.io.IOException;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Certificate;
import org.jamestls.policy.PeerText;

/**
 * What to show of a certificate. Every text is escaped and cut as {@link PeerText} does.
 *
 * @param subject the subject's distinguished name (RFC 2253)
 * @param issuer the issuer's distinguished name (RFC 2253)
 * @param commonName the subject's most specific CN
 * @param dnsNames the DNS SANs
 * @param ipAddresses the IP SANs
 * @param notBefore when it becomes valid
 * @param notAfter when it expires
 * @param sha256 the SHA-256 of the certificate, in lower-case hexadecimal digits
 * @param publicKeySha256 the SHA-256 of its public key (SubjectPublicKeyInfo), in lower-case hexadecimal digits
 */
public record PresentedCertificate(
        String subject,
        String issuer,
        Optional<String> commonName,
        List<String> dnsNames,
        List<String> ipAddresses,
        Instant notBefore,
        Instant notAfter,
        String sha256,
        String publicKeySha256) {

    private static final int NAMES_SHOWN = 4;

    public PresentedCertificate {
        dnsNames = List.copyOf(dnsNames);
        ipAddresses = List.copyOf(ipAddresses);
    }

    /** Reads a certificate. */
    public static PresentedCertificate of(X509Certificate certificate) {
        CertificateNames names = CertificateNames.of(certificate);
        return new PresentedCertificate(
                PeerText.clean(certificate.getSubjectX500Principal().getName()),
                PeerText.clean(certificate.getIssuerX500Principal().getName()),
                names.commonName().map(PeerText::clean),
                names.dnsNames().stream().map(PeerText::clean).toList(),
                names.ipAddresses().stream().map(InetAddress::getHostAddress).toList(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                fingerprint(encoded(certificate)),
                fingerprint(publicKey(certificate)));
    }

    /**
     * A certificate in one line, the names that a policy can quote first. Not escaped:
     * {@link org.jamestls.policy.PolicyViolation} does that.
     */
    static String describe(X509Certificate certificate) {
        return names(certificate)
                + ", issuer " + issuer(certificate)
                + ", valid from " + certificate.getNotBefore().toInstant()
                + " until " + certificate.getNotAfter().toInstant();
    }

    private static String names(X509Certificate certificate) {
        CertificateNames names = CertificateNames.of(certificate);
        List<String> shown = new ArrayList<>();
        names.dnsNames().forEach(name -> shown.add("DNS:" + quoted(name)));
        names.ipAddresses().forEach(address -> shown.add("IP:" + address.getHostAddress()));
        int hidden = shown.size() - NAMES_SHOWN;
        if (hidden > 0) {
            shown.subList(NAMES_SHOWN, shown.size()).clear();
            shown.add(hidden + " more");
        }
        shown.add(0, names.commonName().map(name -> "CN=" + quoted(name)).orElse("no CN"));
        return String.join(", ", shown);
    }

    private static String issuer(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().getName();
    }

    /** A name with a comma could pass for several. */
    private static String quoted(String name) {
        return name.indexOf(',') < 0 && name.indexOf('"') < 0 ? name : "\"" + name.replace("\"", "\\\"") + "\"";
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    /** The SubjectPublicKeyInfo as it stands: a key that nobody can make use of is shown all the same. */
    private static byte[] publicKey(X509Certificate certificate) {
        try {
            return Certificate.getInstance(encoded(certificate))
                    .getSubjectPublicKeyInfo()
                    .getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    private static String fingerprint(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
