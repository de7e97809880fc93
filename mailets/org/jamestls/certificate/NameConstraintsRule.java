package org.jamestls.certificate;

import java.util.Optional;
import org.jamestls.policy.PolicyViolation;

/** No name leaves what the authorities of the way, the root included, may issue for (RFC 5280 §4.2.1.10). */
record NameConstraintsRule() implements PathRule {

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        return path.nameConstraints()
                .violation()
                .flatMap(violation -> PathRule.notTrusted(
                        "names within the name constraints of the chain",
                        violation.reason() + ": " + PresentedCertificate.describe(violation.certificate())));
    }
}
