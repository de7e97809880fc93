package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.james.core.MailAddress;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyDecision;

/** The part of a bounce that people read: which policy, which mail hosts, what was expected and what presented. */
final class BounceText {

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /** How many recipients are named; the part for programs names all of them. */
    private static final int MOST_RECIPIENTS = 100;

    /** Of how many mail hosts it is told what each came to, those with the same outcome counted once. */
    private static final int MOST_DESCRIPTIONS = 20;

    /** The longest address that RFC 5321 §4.5.3.1 lets be: local part, at sign and domain. */
    private static final int LONGEST_ADDRESS = 64 + 1 + 255;

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
                + "Your message could not be delivered to these recipients:\n\n" + recipients(failures));
        if (result.hosts().stream().anyMatch(host -> host.violation().isPresent())) {
            result.decision().ifPresent(decision -> text.append(policy(result, decision)));
        }
        if (!saidAlready(result)) {
            text.append("\nThe mail hosts tried last:\n\n").append(hosts(result));
        }
        return text.append("\n").append(tries(retries)).toString();
    }

    /** Whether the recipients' reasons say of each mail host what there is to say: why there was no connection. */
    private static boolean saidAlready(AttemptResult result) {
        return result.hosts().stream().allMatch(host -> host.verdict() instanceof Verdict.Failed)
                && result.hosts().stream()
                                .map(HostAttempt::publicOutcome)
                                .distinct()
                                .count()
                        <= UnservedFailure.MOST_REASONS;
    }

    /** The recipients by reason, each reason once. */
    private static String recipients(Map<MailAddress, DeliveryFailure> failures) {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        failures.entrySet().stream()
                .limit(MOST_RECIPIENTS)
                .forEach(entry -> byReason.computeIfAbsent(entry.getValue().reason(), any -> new ArrayList<>())
                        .add(shown(entry.getKey())));
        StringBuilder text = new StringBuilder();
        byReason.forEach((reason, recipients) -> text.append("  ")
                .append(String.join(",\n  ", recipients))
                .append(": ")
                .append(reason)
                .append('\n'));
        if (failures.size() > MOST_RECIPIENTS) {
            text.append("  and ").append(failures.size() - MOST_RECIPIENTS).append(" more\n");
        }
        return text.toString();
    }

    private static String hosts(AttemptResult result) {
        HostsByReason hosts = new HostsByReason();
        result.hosts().forEach(host -> hosts.add(describe(host), host));
        StringBuilder text = new StringBuilder();
        hosts.entries().stream()
                .limit(MOST_DESCRIPTIONS)
                .forEach(entry -> text.append("  ")
                        .append(HostsByReason.names(entry.getValue()))
                        .append(": ")
                        .append(entry.getKey()));
        long unnamed = hosts.entries().stream()
                .skip(MOST_DESCRIPTIONS)
                .mapToInt(entry -> entry.getValue().size())
                .sum();
        if (unnamed > 0) {
            text.append("  and ").append(unnamed).append(" more\n");
        }
        result.untried().ifPresent(rest -> text.append("  ").append(rest).append('\n'));
        return text.toString();
    }

    /** An address in one line, and no longer; one that another way than James's parser brought may hold line breaks. */
    static String shown(MailAddress address) {
        String text = address.asString();
        return UNPRINTABLE.matcher(text).find() ? PeerText.clean(text) : FirstFew.characters(text, LONGEST_ADDRESS);
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
        return host.violation()
                .map(violation -> host.publicOutcome() + " ("
                        + violation.violation().permanentCode() + ")\n"
                        + "    expected:  " + host.publicEvidence(violation.expected()) + "\n"
                        + "    presented: " + host.publicEvidence(violation.presented()) + "\n")
                .orElseGet(() -> host.publicOutcome() + "\n");
    }

    private static String tries(int retries) {
        return retries == 0
                ? "It was tried once and will not be tried again.\n"
                : "It was tried " + (retries + 1) + " times and will not be tried again.\n";
    }

    /** The recipients' reasons in one line. */
    static String summary(Map<MailAddress, DeliveryFailure> failures) {
        return FirstFew.characters(
                failures.values().stream()
                        .map(DeliveryFailure::reason)
                        .distinct()
                        .limit(MOST_DESCRIPTIONS)
                        .collect(Collectors.joining("; ")),
                DeliveryFailure.LONGEST_REASON);
    }
}
