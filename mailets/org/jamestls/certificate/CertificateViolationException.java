package org.jamestls.certificate;

import java.security.cert.CertificateException;
import org.jamestls.policy.PolicyViolation;

/** A certificate that does not satisfy its requirement. */
public final class CertificateViolationException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final transient PolicyViolation violation;

    public CertificateViolationException(PolicyViolation violation) {
        super(violation.toString());
        this.violation = violation;
    }

    public PolicyViolation violation() {
        return violation;
    }
}
