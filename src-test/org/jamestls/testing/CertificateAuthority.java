package org.jamestls.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
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
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority made at run time: roots, intermediates and every kind of server certificate. */
public final class CertificateAuthority {

    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final Provider PROVIDER = new BouncyCastleProvider();

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
        return root(new Request("CN=" + commonName));
    }

    /** A self-signed root with what the request says, such as name constraints. */
    public static CertificateAuthority root(Request request) {
        return root(request, ecKeys());
    }

    public static CertificateAuthority root(Request request, KeyPair keys) {
        X509Certificate certificate = request.authority().sign(keys, keys.getPrivate(), request.subject);
        return new CertificateAuthority(keys, certificate, List.of());
    }

    /** An intermediate authority that this one signs. */
    public CertificateAuthority intermediate(String commonName) {
        return intermediate(new Request("CN=" + commonName));
    }

    /** An intermediate authority with what the request says, such as name constraints. */
    public CertificateAuthority intermediate(Request request) {
        return intermediate(request, ecKeys());
    }

    public CertificateAuthority intermediate(Request request, KeyPair below) {
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

    /** A certificate that a server's certificate signed, which is no authority. */
    public static HeldCertificate signedBy(HeldCertificate server, Request request) {
        return new CertificateAuthority(
                        new KeyPair(server.certificate().getPublicKey(), server.key()), server.certificate(), List.of())
                .issue(request);
    }

    /** A certificate that signs itself, as Bouncy Castle reads it, whatever the platform would say. */
    public static X509Certificate readByBouncyCastle(Request request) {
        KeyPair keys = ecKeys();
        return request.authority()
                .sign(
                        keys,
                        keys.getPrivate(),
                        request.subject,
                        new JcaX509CertificateConverter().setProvider(PROVIDER));
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
        return keys("EC", new ECGenParameterSpec("secp256r1"));
    }

    /** Keys on any curve, those too that the platform has given up. */
    public static KeyPair ecKeys(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", PROVIDER);
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair rsaKeys(int bits) {
        return keys("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
    }

    /** RSA keys that may make RSASSA-PSS signatures alone. */
    public static KeyPair rsaPssKeys(int bits) {
        return keys("RSASSA-PSS", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
    }

    public static KeyPair dsaKeys(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("DSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair ed25519Keys() {
        return keys("Ed25519", NamedParameterSpec.ED25519);
    }

    private static KeyPair keys(String algorithm, AlgorithmParameterSpec specification) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(specification);
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
        private final List<Extension> extensions = new ArrayList<>();
        private List<KeyPurposeId> purposes = List.of(KeyPurposeId.id_kp_serverAuth);
        private List<KeyPurposeId> authorityPurposes = List.of();
        private int keyUsage = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
        private int authorityKeyUsage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
        private Integer mostIntermediates;
        private boolean authority;
        private boolean pss;
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
            return purposes(KeyPurposeId.id_kp_clientAuth);
        }

        /** A certificate without an extended key usage extension. */
        public Request anyPurpose() {
            return purposes();
        }

        /** The extended key usage, of an authority too; no extension without any. */
        public Request purposes(KeyPurposeId... usages) {
            purposes = List.of(usages);
            authorityPurposes = purposes;
            return this;
        }

        public Request keyUsage(int usage) {
            keyUsage = usage;
            authorityKeyUsage = usage;
            return this;
        }

        /** How many intermediates an authority may have below it. */
        public Request mostIntermediates(int most) {
            mostIntermediates = most;
            return this;
        }

        public Request permitted(GeneralName subtree) {
            permitted.add(new GeneralSubtree(subtree));
            return this;
        }

        /** An extension as it stands, such as one that nobody understands. */
        public Request extension(String oid, boolean critical, ASN1Encodable value) {
            try {
                extensions.add(new Extension(
                        new ASN1ObjectIdentifier(oid),
                        critical,
                        value.toASN1Primitive().getEncoded()));
                return this;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The issuer's RSA key makes a RSASSA-PSS signature. */
        public Request signedWithPss() {
            pss = true;
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

        public Request excluded(GeneralName subtree) {
            excluded.add(new GeneralSubtree(subtree));
            return this;
        }

        /** The hash of the issuer's signature, {@code SHA256} unless said otherwise. */
        public Request signedWith(String hash) {
            signatureHash = hash;
            return this;
        }

        private Request authority() {
            authority = true;
            keyUsage = authorityKeyUsage;
            purposes = authorityPurposes;
            return this;
        }

        private BasicConstraints basicConstraints() {
            return mostIntermediates == null
                    ? new BasicConstraints(authority)
                    : new BasicConstraints(mostIntermediates.intValue());
        }

        private String signatureAlgorithm(PrivateKey issuerKey) {
            return switch (issuerKey.getAlgorithm()) {
                case "RSA" -> signatureHash + "with" + (pss ? "RSAandMGF1" : "RSA");
                case "RSASSA-PSS" -> signatureHash + "withRSAandMGF1";
                case "EC" -> signatureHash + "withECDSA";
                default -> "Ed25519";
            };
        }

        private X509Certificate sign(KeyPair subjectKeys, PrivateKey issuerKey, String issuer) {
            return sign(subjectKeys, issuerKey, issuer, new JcaX509CertificateConverter());
        }

        private X509Certificate sign(
                KeyPair subjectKeys, PrivateKey issuerKey, String issuer, JcaX509CertificateConverter reader) {
            try {
                X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        new X500Name(issuer),
                        BigInteger.valueOf(SERIAL.getAndIncrement()),
                        Date.from(notBefore),
                        Date.from(notAfter),
                        new X500Name(subject),
                        subjectKeys.getPublic());
                builder.addExtension(Extension.basicConstraints, true, basicConstraints());
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
                if (!purposes.isEmpty()) {
                    builder.addExtension(
                            Extension.extendedKeyUsage,
                            false,
                            new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
                }
                for (Extension extension : extensions) {
                    builder.addExtension(extension);
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
                return reader.getCertificate(builder.build(new JcaContentSignerBuilder(signatureAlgorithm(issuerKey))
                        .setProvider(PROVIDER)
                        .build(issuerKey)));
            } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
