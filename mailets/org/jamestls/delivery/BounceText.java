package org.jamestls.delivery;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.james.core.MailAddress;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyDecision;

/** The part of a bounce that people read: which policy, which mail hosts, what was expected and what presented. */
final class BounceText {

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private BounceText() {}

    /**
     * @param reportingHost the name of this server
     * @param result the last attempt
     * @param failures the recipients to tell about
     * @param retries how often the mail was tried again
     */
    static String of(
            String reportingHost, AttemptResult result, Map<MailAddress, DeliveryFailure> failures, int retries) {
        StringBuilder text = new StringBuilder("This is the mail server at " + reportingHost + ".\n\n"
                + "Your message could not be delivered to these recipients:\n\n");
        failures.forEach((recipient, failure) -> text.append("  ")
                .append(shown(recipient))
                .append(": ")
                .append(failure.reason())
                .append('\n'));
        result.decision().ifPresent(decision -> text.append(policy(result, decision)));
        if (!result.hosts().isEmpty()) {
            text.append("\nThe mail hosts tried last:\n\n");
            result.hosts().forEach(host -> text.append(describe(host)));
        }
        return text.append("\n").append(tries(retries)).toString();
    }

    /** An address in one line; one that another way than James's parser brought may hold line breaks. */
    static String shown(MailAddress address) {
        String text = address.asString();
        return UNPRINTABLE.matcher(text).find() ? PeerText.clean(text) : text;
    }

    private static String policy(AttemptResult result, PolicyDecision decision) {
        String asked = decision.enforced()
                ? "Mail to " + result.domain().text()
                        + " may leave this server only over TLS that satisfies the domain's policy."
                : "This mail may leave this server only over TLS with a certificate that proves the mail host.";
        return decision.certificateValidation()
                .filter(validation -> !decision.reportOnly())
                .map(validation -> "\n" + asked + "\nPolicy: " + decision.origin() + ", " + validation
                        + " certificate validation\n")
                .orElse("");
    }

    private static String describe(HostAttempt host) {
        String where = "  " + host.publicWhere() + ": ";
        return host.violation()
                .map(violation -> where + violation.violation().description() + " ("
                        + violation.violation().permanentCode() + ")\n"
                        + "    expected:  " + host.publicEvidence(violation.expected()) + "\n"
                        + "    presented: " + host.publicEvidence(violation.presented()) + "\n")
                .orElseGet(() -> where + host.publicEvidence(outcome(host.verdict())) + "\n");
    }

    private static String outcome(Verdict verdict) {
        return verdict instanceof Verdict.Failed failed ? failed.reason() : "did not take the message";
    }

    private static String tries(int retries) {
        return retries == 0
                ? "It was tried once and will not be tried again.\n"
                : "It was tried " + (retries + 1) + " times and will not be tried again.\n";
    }

    /** The recipients' reasons in one line, for the attribute that a bounce processor reads. */
    static String summary(Map<MailAddress, DeliveryFailure> failures) {
        return failures.values().stream()
                .map(DeliveryFailure::reason)
                .distinct()
                .collect(Collectors.joining("; "));
    }
}
