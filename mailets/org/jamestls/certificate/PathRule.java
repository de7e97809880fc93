package org.jamestls.certificate;

import java.util.Optional;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.Violation;

/** One rule of strong validation. */
@FunctionalInterface
interface PathRule {

    /** The violation of this rule; the rules before it are kept. */
    Optional<PolicyViolation> check(CertificationPath path);

    /** A violation of the chain. */
    static Optional<PolicyViolation> notTrusted(String expected, String presented) {
        return Optional.of(new PolicyViolation(Violation.CERTIFICATE_NOT_TRUSTED, expected, presented));
    }
}
