package org.jamestls.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jamestls.policy.PolicyViolation;

/** The certificate may serve TLS servers, and no authority of the way is restricted to other purposes. */
record ServerPurposeRule() implements PathRule {

    private static final int DIGITAL_SIGNATURE = 0; // RFC 5280 §4.2.1.3
    private static final String SERVER_AUTH = KeyPurposeId.id_kp_serverAuth.getId();
    private static final String ANY_PURPOSE = KeyPurposeId.anyExtendedKeyUsage.getId();

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        boolean[] keyUsage = path.endEntity().getKeyUsage();
        // RFC 8446 §4.4.2.2: every key exchange offered has the server sign
        if (keyUsage != null && !keyUsage[DIGITAL_SIGNATURE]) {
            return PathRule.notTrusted(
                    "key usage digitalSignature",
                    "another key usage: " + PresentedCertificate.describe(path.endEntity()));
        }
        for (X509Certificate certificate : path.withRoot()) {
            if (!servesServers(certificate)) {
                return PathRule.notTrusted(
                        "extended key usage serverAuth, any or none",
                        "another extended key usage: " + PresentedCertificate.describe(certificate));
            }
        }
        return Optional.empty();
    }

    private static boolean servesServers(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            // RFC 5280 §4.2.1.12
            return purposes == null || purposes.contains(SERVER_AUTH) || purposes.contains(ANY_PURPOSE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
