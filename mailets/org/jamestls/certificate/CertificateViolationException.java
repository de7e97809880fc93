package org.jamestls.certificate;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jamestls.policy.PolicyViolation;

/** A certificate that does not satisfy its requirement. */
public final class CertificateViolationException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final transient PolicyViolation violation;
    private final transient List<X509Certificate> presented;

    CertificateViolationException(PolicyViolation violation, List<X509Certificate> presented) {
        super(violation.toString());
        this.violation = violation;
        this.presented = List.copyOf(presented);
    }

    public PolicyViolation violation() {
        return violation;
    }

    /** The certificates as the peer sent them, its own first. */
    public List<X509Certificate> presented() {
        return presented;
    }
}
