package org.jamestls.testing;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.params.provider.Arguments;

/** Certificates that can be read, of keys that cannot. */
public final class UndecodableKeys {

    private UndecodableKeys() {}

    /** What is wrong with the key, the key. */
    public static Stream<Arguments> rows() {
        AlgorithmIdentifier rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
        X9ECParameters explicit = CustomNamedCurves.getByName("secp256r1");
        AlgorithmIdentifier ec = new AlgorithmIdentifier(
                X9ObjectIdentifiers.id_ecPublicKey,
                new X9ECParameters(
                        explicit.getCurve(),
                        explicit.getBaseEntry(),
                        explicit.getN().add(BigInteger.ONE),
                        BigInteger.TWO));
        AlgorithmIdentifier unknown = new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.3.4.5"));
        return Stream.of(
                arguments("an unknown algorithm", new SubjectPublicKeyInfo(unknown, new byte[] {1, 2, 3})),
                arguments("an empty RSA key", new SubjectPublicKeyInfo(rsa, new byte[0])),
                arguments("explicit EC parameters", new SubjectPublicKeyInfo(ec, new byte[] {4, 1, 1})));
    }

    /** A certificate of the key for the name. */
    public static X509Certificate certificate(String commonName, SubjectPublicKeyInfo key) throws Exception {
        KeyPair issuer = CertificateAuthority.ecKeys();
        byte[] encoded = new X509v3CertificateBuilder(
                        new X500Name("CN=Issuer"),
                        BigInteger.ONE,
                        Date.from(Instant.EPOCH),
                        Date.from(Instant.EPOCH.plusSeconds(1)),
                        new X500Name("CN=" + commonName),
                        key)
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate()))
                .getEncoded();
        return (X509Certificate) CertificateFactory.getInstance("X.509", new BouncyCastleProvider())
                .generateCertificate(new ByteArrayInputStream(encoded));
    }
}
