package org.jamestls.tls;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jamestls.policy.PolicyViolation;

/** A connection that does not satisfy its requirement. Nothing may be sent over it. */
public final class TlsViolationException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient PolicyViolation violation;
    private final transient List<X509Certificate> presented;
    private final boolean helloUnanswered;

    /**
     * @param presented the certificates that had come; empty where none had
     * @param helloUnanswered whether the host gave our first message no answer, so that a smaller one may succeed
     */
    public TlsViolationException(
            PolicyViolation violation, List<X509Certificate> presented, boolean helloUnanswered, Throwable cause) {
        super(violation.toString(), cause);
        this.violation = violation;
        this.presented = List.copyOf(presented);
        this.helloUnanswered = helloUnanswered;
    }

    public PolicyViolation violation() {
        return violation;
    }

    /** The certificates that were judged, as the mail host sent them, its own first; empty where it did not come to that. */
    public List<X509Certificate> presented() {
        return presented;
    }

    /** Whether the host gave our first message no answer, so that a smaller one may succeed. */
    public boolean helloUnanswered() {
        return helloUnanswered;
    }
}
