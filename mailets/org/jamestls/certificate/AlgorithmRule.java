package org.jamestls.certificate;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.jamestls.policy.PolicyViolation;

/**
 * No weak algorithm on the way (RFC 9325 §4.5): keys of 2048 bits for RSA and 224 for elliptic curves, signatures over
 * SHA-2, or EdDSA. The root's own signature proves nothing and does not count; its key does.
 */
record AlgorithmRule() implements PathRule {

    private static final int LEAST_RSA_BITS = 2048;
    private static final int LEAST_EC_BITS = 224;

    private static final Set<String> STRONG_SIGNATURES = Set.of(
            "1.2.840.113549.1.1.11", // RFC 4055 §5: sha256WithRSAEncryption
            "1.2.840.113549.1.1.12", // sha384WithRSAEncryption
            "1.2.840.113549.1.1.13", // sha512WithRSAEncryption
            "1.2.840.113549.1.1.14", // sha224WithRSAEncryption
            "1.2.840.10045.4.3.1", // RFC 5758 §3.2: ecdsa-with-SHA224
            "1.2.840.10045.4.3.2", // ecdsa-with-SHA256
            "1.2.840.10045.4.3.3", // ecdsa-with-SHA384
            "1.2.840.10045.4.3.4", // ecdsa-with-SHA512
            "1.3.101.112", // RFC 8410 §3: Ed25519
            "1.3.101.113"); // Ed448

    private static final Set<String> STRONG_HASHES = Set.of(
            "2.16.840.1.101.3.4.2.1", // RFC 5754 §2: SHA-256
            "2.16.840.1.101.3.4.2.2", // SHA-384
            "2.16.840.1.101.3.4.2.3", // SHA-512
            "2.16.840.1.101.3.4.2.4"); // SHA-224

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        for (X509Certificate certificate : path.withRoot()) {
            if (!strongKey(certificate.getPublicKey())) {
                return PathRule.notTrusted(
                        "keys of at least " + LEAST_RSA_BITS + " bits for RSA and " + LEAST_EC_BITS
                                + " for EC, or EdDSA",
                        key(certificate.getPublicKey()) + ": " + PresentedCertificate.describe(certificate));
            }
        }
        for (X509Certificate certificate : path.certificates()) {
            if (!strongSignature(certificate)) {
                return PathRule.notTrusted(
                        "signatures with SHA-2 or EdDSA",
                        certificate.getSigAlgName() + ": " + PresentedCertificate.describe(certificate));
            }
        }
        return Optional.empty();
    }

    private static boolean strongKey(PublicKey key) {
        return key instanceof EdECPublicKey
                || key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= LEAST_RSA_BITS
                || key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() >= LEAST_EC_BITS;
    }

    private static String key(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return "RSA key of " + rsa.getModulus().bitLength() + " bits";
        }
        if (key instanceof ECPublicKey ec) {
            return "EC key of " + ec.getParams().getOrder().bitLength() + " bits";
        }
        return key.getAlgorithm() + " key";
    }

    private static boolean strongSignature(X509Certificate certificate) {
        if (!certificate.getSigAlgOID().equals(PKCSObjectIdentifiers.id_RSASSA_PSS.getId())) {
            return STRONG_SIGNATURES.contains(certificate.getSigAlgOID());
        }
        // RFC 4055 §3.1: what the parameters do not say is SHA-1
        RSASSAPSSparams parameters = RSASSAPSSparams.getInstance(certificate.getSigAlgParams());
        return parameters != null
                && STRONG_HASHES.contains(
                        parameters.getHashAlgorithm().getAlgorithm().getId());
    }
}
