package org.jamestls.certificate;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamestls.policy.PolicyViolation;

/**
 * The platform's path validation (RFC 5280 §6.1): signatures, basic constraints and key usage of the intermediates, critical
 * extensions, certificate policies, and the algorithms that the platform's administrator has disabled ({@code
 * jdk.certpath.disabledAlgorithms}). Name constraints are ours to check, not its: it takes the CN of every certificate
 * without SANs for a host name if it looks like one, that of an authority too. Revocation is not checked.
 *
 * @param clock tells the time
 */
record PlatformPathRule(Clock clock) implements PathRule {

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        try {
            List<X509Certificate> withRoot = path.withRoot();
            List<X509Certificate> shown = new ArrayList<>();
            for (int i = 0; i < path.certificates().size(); i++) {
                X509Certificate certificate = withRoot.get(i);
                shown.add(WithoutNameConstraints.of(certificate));
                if (AuthorityConstraints.on(certificate)) {
                    // the platform knows certificates that nobody is to trust by what they are as a whole
                    validate(withRoot.get(i + 1), List.of(certificate));
                }
            }
            validate(path.root().orElseThrow(), shown);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            return refused(path, e.getReason() + " (" + e.getMessage() + ")");
        } catch (GeneralSecurityException e) {
            return refused(path, String.valueOf(e.getMessage()));
        }
    }

    private void validate(X509Certificate above, List<X509Certificate> certificates) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(above, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(clock.instant()));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(certificates), parameters);
    }

    private static Optional<PolicyViolation> refused(CertificationPath path, String reason) {
        return PathRule.notTrusted(
                "a chain that path validation accepts (RFC 5280 section 6.1)",
                reason + ": " + PresentedCertificate.describe(path.endEntity()));
    }
}
