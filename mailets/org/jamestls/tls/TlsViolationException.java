package org.jamestls.tls;

import java.io.IOException;
import org.jamestls.policy.PolicyViolation;

/** A connection that does not satisfy its requirement. Nothing may be sent over it. */
public final class TlsViolationException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient PolicyViolation violation;

    public TlsViolationException(PolicyViolation violation, Throwable cause) {
        super(violation.toString(), cause);
        this.violation = violation;
    }

    public PolicyViolation violation() {
        return violation;
    }
}
