package org.jamestls.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority made at run time: roots, intermediates and every kind of server certificate. */
public final class CertificateAuthority {

    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final KeyPair keys;
    private final X509Certificate certificate;
    private final List<X509Certificate> chainBelowRoot;

    private CertificateAuthority(KeyPair keys, X509Certificate certificate, List<X509Certificate> chainBelowRoot) {
        this.keys = keys;
        this.certificate = certificate;
        this.chainBelowRoot = chainBelowRoot;
    }

    /** A self-signed root. */
    public static CertificateAuthority root(String commonName) {
        KeyPair keys = ecKeys();
        X509Certificate certificate =
                new Request("CN=" + commonName).authority().sign(keys, keys.getPrivate(), "CN=" + commonName);
        return new CertificateAuthority(keys, certificate, List.of());
    }

    /** An intermediate authority that this one signs. */
    public CertificateAuthority intermediate(String commonName) {
        return intermediate(new Request("CN=" + commonName));
    }

    /** An intermediate authority with what the request says, such as name constraints. */
    public CertificateAuthority intermediate(Request request) {
        KeyPair below = ecKeys();
        X509Certificate signed = request.authority().sign(below, keys.getPrivate(), subject());
        List<X509Certificate> chain = new ArrayList<>(List.of(signed));
        chain.addAll(chainBelowRoot);
        return new CertificateAuthority(below, signed, chain);
    }

    public HeldCertificate issue(Request request) {
        return issue(request, ecKeys());
    }

    public HeldCertificate issue(Request request, KeyPair subjectKeys) {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(request.sign(subjectKeys, keys.getPrivate(), subject()));
        chain.addAll(chainBelowRoot);
        return new HeldCertificate(subjectKeys.getPrivate(), chain);
    }

    /** A certificate with one DNS SAN and the same CN. */
    public HeldCertificate issueFor(String host) {
        return issue(new Request("CN=" + host).dnsName(host));
    }

    /** A certificate that signs itself. */
    public static HeldCertificate selfSigned(Request request) {
        KeyPair keys = ecKeys();
        return new HeldCertificate(keys.getPrivate(), List.of(request.sign(keys, keys.getPrivate(), request.subject)));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    private String subject() {
        return certificate.getSubjectX500Principal().getName();
    }

    public static KeyPair ecKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair rsaKeys(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a certificate is to say. By default it is valid from yesterday for thirty days and serves TLS servers. */
    public static final class Request {
        private final String subject;
        private final List<GeneralName> names = new ArrayList<>();
        private final List<GeneralSubtree> permitted = new ArrayList<>();
        private final List<GeneralSubtree> excluded = new ArrayList<>();
        private Instant notBefore = Instant.now().minus(Duration.ofDays(1));
        private Instant notAfter = Instant.now().plus(Duration.ofDays(30));
        private KeyPurposeId purpose = KeyPurposeId.id_kp_serverAuth;
        private int keyUsage = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
        private boolean authority;
        private String signatureHash = "SHA256";

        /** A request for a subject such as {@code CN=mx.bank.example}. */
        public Request(String subject) {
            this.subject = subject;
        }

        public Request dnsName(String name) {
            names.add(new GeneralName(GeneralName.dNSName, name));
            return this;
        }

        public Request ipAddress(String address) {
            names.add(new GeneralName(GeneralName.iPAddress, address));
            return this;
        }

        public Request expired() {
            return validFrom(
                    Instant.now().minus(Duration.ofDays(30)), Instant.now().minus(Duration.ofDays(1)));
        }

        public Request notYetValid() {
            return validFrom(
                    Instant.now().plus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(30)));
        }

        public Request validFrom(Instant from, Instant to) {
            notBefore = from;
            notAfter = to;
            return this;
        }

        public Request clientsOnly() {
            purpose = KeyPurposeId.id_kp_clientAuth;
            return this;
        }

        /** A certificate without an extended key usage extension. */
        public Request anyPurpose() {
            purpose = null;
            return this;
        }

        public Request keyUsage(int usage) {
            keyUsage = usage;
            return this;
        }

        public Request permittedDnsNames(String subtree) {
            permitted.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, subtree)));
            return this;
        }

        public Request excludedDnsNames(String subtree) {
            excluded.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, subtree)));
            return this;
        }

        /** The hash of the issuer's signature, {@code SHA256} unless said otherwise. */
        public Request signedWith(String hash) {
            signatureHash = hash;
            return this;
        }

        private Request authority() {
            authority = true;
            keyUsage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
            purpose = null;
            return this;
        }

        private X509Certificate sign(KeyPair subjectKeys, PrivateKey issuerKey, String issuer) {
            try {
                X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        new X500Name(issuer),
                        BigInteger.valueOf(SERIAL.getAndIncrement()),
                        Date.from(notBefore),
                        Date.from(notAfter),
                        new X500Name(subject),
                        subjectKeys.getPublic());
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
                if (purpose != null) {
                    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
                }
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(GeneralName[]::new)));
                }
                if (!permitted.isEmpty() || !excluded.isEmpty()) {
                    builder.addExtension(
                            Extension.nameConstraints,
                            true,
                            new NameConstraints(
                                    permitted.isEmpty() ? null : permitted.toArray(GeneralSubtree[]::new),
                                    excluded.isEmpty() ? null : excluded.toArray(GeneralSubtree[]::new)));
                }
                String algorithm =
                        signatureHash + "with" + (issuerKey.getAlgorithm().equals("RSA") ? "RSA" : "ECDSA");
                return new JcaX509CertificateConverter()
                        .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKey)));
            } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
