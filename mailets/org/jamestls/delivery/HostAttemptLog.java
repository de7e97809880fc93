package org.jamestls.delivery;

import java.util.Optional;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.RecipientDomain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per connection attempt, at INFO: who decided, where the connection went, and the verdict. */
final class HostAttemptLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(HostAttemptLog.class);

    private HostAttemptLog() {}

    static void write(String mailName, RecipientDomain domain, PolicyDecision decision, HostAttempt attempt) {
        LOGGER.info(
                "mail={} domain={} policy='{}' validation={} via={} host={} address={} port={} verdict={}{}",
                mailName,
                domain.text(),
                decision.origin(),
                decision.certificateValidation().map(Object::toString).orElse("-"),
                attempt.mailHost().source().label().replace(' ', '-'),
                attempt.mailHost().host().text(),
                attempt.address().map(Object::toString).orElse("-"),
                attempt.mailHost().port(),
                attempt.verdict().label(),
                details(attempt));
    }

    private static String details(HostAttempt attempt) {
        Optional<String> violated = attempt.violation().map(HostAttemptLog::violated);
        if (violated.isPresent()) {
            return violated.get();
        }
        return attempt.verdict() instanceof Verdict.Failed failed
                ? " reason='" + failed.reason() + "'"
                : attempt.reported()
                                .map(violation -> " would have been refused:" + violated(violation))
                                .orElse("")
                        + negotiated(attempt.negotiated());
    }

    private static String negotiated(Optional<NegotiatedTls> tls) {
        return tls.map(agreed -> " protocol=" + agreed.protocol() + " cipher=" + agreed.cipherSuite() + " keyExchange="
                        + agreed.keyExchange())
                .orElse(" protocol=cleartext");
    }

    private static String violated(PolicyViolation violation) {
        return " violation=" + violation.violation().label() + " code="
                + violation.violation().temporaryCode() + " reason='"
                + violation.violation().description() + "' expected='" + violation.expected() + "' presented='"
                + violation.presented() + "'";
    }
}
