package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jamestls.policy.PolicyViolation;

/**
 * The way ends at a trusted root (RFC 5280 §6.1.1 (d)).
 *
 * @param roots the trusted roots
 */
record TrustedRootRule(TrustedRoots roots) implements PathRule {

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        if (path.root().isPresent()) {
            return Optional.empty();
        }
        return PathRule.notTrusted(
                "a chain to one of " + roots.size() + " trusted roots",
                reason(path.last()) + ": " + PresentedCertificate.describe(path.endEntity()));
    }

    private static String reason(X509Certificate last) {
        return CertificationPath.selfIssued(last)
                ? "self-signed by an authority that is not trusted"
                : "signed by an authority that is neither presented nor trusted, "
                        + last.getIssuerX500Principal().getName();
    }
}
