package org.jamestls.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * A certificate that is written value by value (RFC 5280 §4.1), so that it can be wrong where a library's builder would refuse
 * to make it. Signed with ECDSA.
 */
public final class WrittenCertificate {

    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final String ECDSA_WITH = "1.2.840.10045.4.";
    private static final byte[] NO_SIGNATURE = Der.sequence(Der.integer(1), Der.integer(1));

    private final String subject;
    private final String issuer;
    private final List<byte[]> extensions = new ArrayList<>();
    private Instant notBefore = Instant.now().minus(Duration.ofDays(1));
    private Instant notAfter = Instant.now().plus(Duration.ofDays(30));
    private int version = 3;
    private String hash = "SHA256";

    public WrittenCertificate(String subject, String issuer) {
        this.subject = subject;
        this.issuer = issuer;
    }

    public WrittenCertificate extension(String oid, boolean critical, byte[] value) {
        extensions.add(Der.sequence(Der.oid(oid), critical ? Der.yes() : new byte[0], Der.octetString(value)));
        return this;
    }

    public WrittenCertificate valid(Duration from, Duration to) {
        notBefore = Instant.now().plus(from);
        notAfter = Instant.now().plus(to);
        return this;
    }

    /** The version as people count them; one without extensions loses those it was given. */
    public WrittenCertificate version(int number) {
        version = number;
        return this;
    }

    public WrittenCertificate signedWith(String name) {
        hash = name;
        return this;
    }

    /** The certificate without a signature that proves anything, where none is looked at. */
    public X509Certificate unsigned(PublicKey key) {
        return certificate(toBeSigned(key), NO_SIGNATURE);
    }

    public X509Certificate sign(KeyPair subjectKeys, PrivateKey issuerKey) {
        try {
            byte[] toBeSigned = toBeSigned(subjectKeys.getPublic());
            Signature signature = Signature.getInstance(hash + "withECDSA");
            signature.initSign(issuerKey);
            signature.update(toBeSigned);
            return certificate(toBeSigned, signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] toBeSigned(PublicKey key) {
        return Der.sequence(
                version == 1 ? new byte[0] : Der.explicit(0, Der.integer(version - 1)),
                Der.integer(SERIAL.getAndIncrement()),
                algorithm(),
                name(issuer),
                Der.sequence(Der.time(notBefore), Der.time(notAfter)),
                name(subject),
                key.getEncoded(),
                version < 3 || extensions.isEmpty()
                        ? new byte[0]
                        : Der.explicit(3, Der.sequence(extensions.toArray(byte[][]::new))));
    }

    private byte[] algorithm() {
        return Der.sequence(Der.oid(ECDSA_WITH + (hash.equals("SHA1") ? "1" : "3.2")));
    }

    private X509Certificate certificate(byte[] toBeSigned, byte[] signature) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Der.sequence(toBeSigned, algorithm(), Der.bitString(signature))));
        } catch (CertificateException e) {
            throw new IllegalStateException("the platform does not read this: " + e.getMessage(), e);
        }
    }

    /** A distinguished name as people write it, its first attribute nearest to the root of the directory. */
    public static byte[] name(String text) {
        try {
            return new X500Name(text).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
