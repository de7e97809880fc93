package org.jamestls.smtp;

import java.util.Optional;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.policy.Violation;

/**
 * On what terms a connection to a mail host is opened.
 *
 * @param requirement what it has to satisfy
 * @param reported the violation found before it is opened, where violations are told and not enforced
 */
public record ConnectionTerms(TlsRequirement requirement, Optional<PolicyViolation> reported) {

    /** The violation to report of a connection opened on these terms: the first that was found. */
    public Optional<PolicyViolation> reported(SmtpConnection connection) {
        return reported.or(connection::reported);
    }

    /**
     * The terms of one fresh connection after this one did not come about; empty where the failure is the end of it. It
     * may be opened after a failed handshake, and under {@link TlsRequirement.Reported} after a STARTTLS that the host
     * answered by closing too.
     */
    public Optional<ConnectionTerms> after(SmtpFailure failure) {
        return failure.step() == SmtpStep.HANDSHAKE || failure instanceof SmtpFailure.TlsViolated
                ? requirement.afterFailedHandshake().map(less -> new ConnectionTerms(less, reportedAfter(failure)))
                : Optional.empty();
    }

    private Optional<PolicyViolation> reportedAfter(SmtpFailure failure) {
        if (reported.isPresent() || !requirement.reportOnly()) {
            return reported;
        }
        return Optional.of(
                failure instanceof SmtpFailure.TlsViolated violated
                        ? violated.violation()
                        : new PolicyViolation(Violation.HANDSHAKE_FAILED, "a TLS handshake", failure.message()));
    }
}
