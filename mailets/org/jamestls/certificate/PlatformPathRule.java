package org.jamestls.certificate;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.jamestls.policy.PolicyViolation;

/**
 * The platform's path validation (RFC 5280 §6.1): signatures, basic constraints, key usage and name constraints of the
 * intermediates, critical extensions, certificate policies, and the algorithms that the platform's administrator has
 * disabled ({@code jdk.certpath.disabledAlgorithms}). Revocation is not checked.
 *
 * <p>Under constraints on host names it takes the CN of every certificate without SANs for a host name if it looks like one,
 * that of an authority too: below such constraints an authority called {@code CN=Issuing} is refused.
 *
 * @param clock tells the time
 */
record PlatformPathRule(Clock clock) implements PathRule {

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        try {
            TrustAnchor anchor = new TrustAnchor(path.root().orElseThrow(), null);
            PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509").generateCertPath(path.certificates()), parameters);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            return refused(path, e.getReason() + " (" + e.getMessage() + ")");
        } catch (GeneralSecurityException e) {
            return refused(path, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<PolicyViolation> refused(CertificationPath path, String reason) {
        return PathRule.notTrusted(
                "a chain that path validation accepts (RFC 5280 section 6.1)",
                reason + ": " + PresentedCertificate.describe(path.endEntity()));
    }
}
