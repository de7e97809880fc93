package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.Violation;

/**
 * Every certificate is within its dates (RFC 5280 §6.1.3 (a)(2)).
 *
 * <p>Deviation: RFC 5280 §6.1.1 (d) gives a trusted root no dates; here the dates in its certificate hold for it too.
 *
 * @param clock tells the time
 */
record ValidityRule(Clock clock) implements PathRule {

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        Instant now = clock.instant();
        for (X509Certificate certificate : path.withRoot()) {
            if (now.isAfter(certificate.getNotAfter().toInstant())) {
                return violation(Violation.CERTIFICATE_EXPIRED, now, certificate);
            }
            if (now.isBefore(certificate.getNotBefore().toInstant())) {
                return violation(Violation.CERTIFICATE_NOT_YET_VALID, now, certificate);
            }
        }
        return Optional.empty();
    }

    private static Optional<PolicyViolation> violation(Violation violation, Instant now, X509Certificate certificate) {
        return Optional.of(new PolicyViolation(
                violation,
                "a chain of certificates valid at " + now.truncatedTo(ChronoUnit.SECONDS),
                PresentedCertificate.describe(certificate)));
    }
}
