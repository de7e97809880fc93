package org.jamestls.delivery;

import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.RecipientDomain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per connection attempt: who decided, where the connection went, and the verdict. */
final class HostAttemptLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(HostAttemptLog.class);

    private HostAttemptLog() {}

    /** @param warning whether the line is written at WARN instead of INFO */
    static void write(
            String mailName, RecipientDomain domain, PolicyDecision decision, HostAttempt attempt, boolean warning) {
        if (warning) {
            SureLog.warn(LOGGER, "{}", fields(mailName, domain, decision, attempt));
        } else if (LOGGER.isInfoEnabled()) {
            SureLog.info(LOGGER, "{}", fields(mailName, domain, decision, attempt));
        }
    }

    private static LogFields fields(
            String mailName, RecipientDomain domain, PolicyDecision decision, HostAttempt attempt) {
        LogFields fields = new LogFields()
                .word("mail", mailName)
                .word("domain", domain.text())
                .text("policy", decision.origin())
                .word(
                        "validation",
                        decision.certificateValidation().map(Object::toString).orElse("-"))
                .word("via", attempt.mailHost().source().label().replace(' ', '-'))
                .word("host", attempt.mailHost().host().text())
                .word("address", attempt.address().map(Object::toString).orElse("-"))
                .word("port", attempt.mailHost().port())
                .word("verdict", attempt.verdict().label());
        attempt.violation().or(attempt::reported).ifPresent(violation -> violated(fields, violation));
        if (attempt.verdict() instanceof Verdict.Failed failed) {
            fields.text("reason", failed.reason());
        } else if (attempt.violation().isEmpty()) {
            attempt.negotiated()
                    .ifPresentOrElse(tls -> negotiated(fields, tls), () -> fields.word("protocol", "cleartext"));
        }
        return fields;
    }

    private static void negotiated(LogFields fields, NegotiatedTls tls) {
        fields.word("protocol", tls.protocol())
                .word("cipher", tls.cipherSuite())
                .word("keyExchange", tls.keyExchange());
    }

    private static void violated(LogFields fields, PolicyViolation violation) {
        fields.word("violation", violation.violation().label())
                .word("code", violation.violation().temporaryCode())
                .text("reason", violation.violation().description())
                .text("expected", violation.expected())
                .text("presented", violation.presented());
    }
}
