package org.jamestls.delivery;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.smtp.SmtpFailure;
import org.jamestls.smtp.SmtpReply;

/** Why no mail host took the mail: the failure of the recipients that no host accepted or refused. */
final class UnservedFailure {

    private UnservedFailure() {}

    static DeliveryFailure of(RecipientDomain domain, List<HostAttempt> attempts, List<SmtpFailure> refusals) {
        Optional<PolicyViolation> violation = attempts.stream()
                .map(HostAttempt::violation)
                .flatMap(Optional::stream)
                .findFirst();
        return violation
                .map(found -> DeliveryFailure.temporary(
                        found.violation().temporaryCode(),
                        "no mail host of " + domain.text() + " satisfied the domain's TLS policy: " + list(attempts)))
                .orElseGet(() -> unreached(domain, attempts, refusals));
    }

    private static DeliveryFailure unreached(
            RecipientDomain domain, List<HostAttempt> attempts, List<SmtpFailure> refusals) {
        String reason = "no mail host of " + domain.text() + " took the mail: " + list(attempts);
        Optional<SmtpReply> reply = refusals.stream()
                .map(SmtpFailure::reply)
                .flatMap(Optional::stream)
                .findFirst();
        return new DeliveryFailure(false, code(refusals), reply.map(SmtpReply::code), reason);
    }

    /** The code of the first refusal, in the class of a failure that may pass; X.4.1 is no answer from host. */
    private static String code(List<SmtpFailure> refusals) {
        return refusals.stream()
                .findFirst()
                .map(failure -> "4" + failure.statusCode().toString().substring(1))
                .orElse("4.4.1");
    }

    private static String list(List<HostAttempt> attempts) {
        return attempts.stream()
                .map(attempt -> attempt.publicWhere() + ": " + attempt.publicEvidence(what(attempt)))
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static String what(HostAttempt attempt) {
        return attempt.violation()
                .map(violation -> violation.violation().description())
                .orElseGet(() -> attempt.verdict() instanceof Verdict.Failed failed ? failed.reason() : "connected");
    }
}
