package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jamestls.policy.PolicyViolation;

/**
 * The root may issue what it signed. Path validation takes a root's name and key alone (RFC 5280 §6.1.1 (d)); what its own
 * certificate says holds here all the same. A root that is the mail host's own certificate issues nothing.
 */
record RootAuthorityRule() implements PathRule {

    private static final int VERSION_WITH_EXTENSIONS = 3;
    private static final int KEY_CERT_SIGN = 5; // RFC 5280 §4.2.1.3

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        X509Certificate root = path.root().orElseThrow();
        if (root.equals(path.endEntity())) {
            return Optional.empty();
        }
        // RFC 5280 §4.2.1.9: -1 is no authority, otherwise the most intermediates below it that are not self-issued
        if (root.getVersion() >= VERSION_WITH_EXTENSIONS && root.getBasicConstraints() < issuedByAnother(path)) {
            return violation("basic constraints", root);
        }
        if (root.getKeyUsage() != null && !root.getKeyUsage()[KEY_CERT_SIGN]) {
            return violation("key usage", root);
        }
        if (root.hasUnsupportedCriticalExtension()) {
            return violation("a critical extension that is not understood", root);
        }
        return Optional.empty();
    }

    private static long issuedByAnother(CertificationPath path) {
        return path.intermediates().stream()
                .filter(authority -> !CertificationPath.selfIssued(authority))
                .count();
    }

    private static Optional<PolicyViolation> violation(String reason, X509Certificate root) {
        return PathRule.notTrusted(
                "a root that may issue this chain", reason + " of the root: " + PresentedCertificate.describe(root));
    }
}
