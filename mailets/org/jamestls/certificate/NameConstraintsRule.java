package org.jamestls.certificate;

import java.util.Optional;
import org.jamestls.policy.PolicyViolation;

/** No name leaves what the authorities of the way, the root included, may issue for (RFC 5280 §4.2.1.10). */
record NameConstraintsRule() implements PathRule {

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        return PathNameConstraints.of(path)
                .violatingCertificate()
                .flatMap(certificate -> PathRule.notTrusted(
                        "names within the name constraints of the chain",
                        "a name outside: " + PresentedCertificate.describe(certificate)));
    }
}
