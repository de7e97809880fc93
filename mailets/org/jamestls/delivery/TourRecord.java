package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamestls.policy.Host;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.routing.MailHost;
import org.jamestls.smtp.SmtpFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one mail found on its tour, told in the log as it is found. For one thread. */
final class TourRecord {

    private static final Logger LOGGER = LoggerFactory.getLogger(TourRecord.class);

    private static final Verdict BROKE_OFF = new Verdict.Failed(DeliveryFailure.INTERNAL_ERROR.reason());

    private final String mailName;
    private final RecipientDomain domain;
    private final PolicyDecision decision;
    private final ReportedViolations reportedViolations;
    private final int mostNotAllowed;

    private final List<HostAttempt> attempts = new ArrayList<>();
    private final List<String> untried = new ArrayList<>();
    private Optional<SmtpFailure> refusal = Optional.empty();
    private Optional<Integer> replyCode = Optional.empty();
    private String limit = "";
    private Optional<Host> doubtful = Optional.empty();
    private int notAllowed;
    private boolean brokeOff;
    private boolean warned;

    /**
     * @param mostNotAllowed of how many mail hosts that the policy does not allow each is told by itself
     * @param warned whether the operator need not be warned of a violation any more
     */
    TourRecord(
            String mailName,
            RecipientDomain domain,
            PolicyDecision decision,
            ReportedViolations reportedViolations,
            int mostNotAllowed,
            boolean warned) {
        this.mailName = mailName;
        this.domain = domain;
        this.decision = decision;
        this.reportedViolations = reportedViolations;
        this.mostNotAllowed = mostNotAllowed;
        this.warned = warned;
    }

    RecipientDomain domain() {
        return domain;
    }

    PolicyDecision decision() {
        return decision;
    }

    List<HostAttempt> attempts() {
        return attempts;
    }

    void add(MailHost host, Optional<IpAddress> address, Verdict verdict) {
        HostAttempt attempt = new HostAttempt(host, address, verdict);
        attempts.add(attempt);
        attempt.reported().ifPresent(reportedViolations::count);
        boolean warning = attempt.violation().isPresent() && !warned;
        warned |= warning;
        HostAttemptLog.write(mailName, domain, decision, attempt, warning);
    }

    /** The policy does not allow a mail host, which costs neither a look-up nor a connection. */
    void addNotAllowed(MailHost host, PolicyViolation violation) {
        notAllowed++;
        if (notAllowed <= mostNotAllowed) {
            add(host, Optional.empty(), new Verdict.Violated(violation));
        }
    }

    /** A mail host failed in a way that SMTP knows. */
    void refused(SmtpFailure failure) {
        if (refusal.isEmpty()) {
            refusal = Optional.of(failure);
        }
        if (replyCode.isEmpty()) {
            replyCode = failure.reply().map(reply -> reply.code());
        }
    }

    /**
     * Something failed that is not SMTP's. Never throws: what failed may be that there is no memory left. Only the first is
     * logged with its stack trace, since a stranger may have as many as there are addresses.
     */
    void brokeOff(MailHost host, Optional<IpAddress> address, Throwable cause) {
        boolean first = !brokeOff;
        brokeOff = true;
        SureLog.error(
                LOGGER,
                "Mail {} to {} broke off at {}: {}",
                mailName,
                domain.text(),
                host.host().text(),
                String.valueOf(cause),
                first ? cause : null);
        try {
            add(host, address, BROKE_OFF);
        } catch (RuntimeException | Error e) {
            SureLog.error(LOGGER, "What mail {} found at a mail host is not on record", mailName, e);
        }
    }

    /** As the other, at no mail host in particular. */
    void brokeOff(Throwable cause) {
        brokeOff = true;
        SureLog.error(LOGGER, "The tour of mail {} to {} broke off", mailName, domain.text(), cause);
    }

    /**
     * A limit was reached.
     *
     * @param rest what was not tried
     * @param reached the limit
     */
    void endedBy(String rest, String reached) {
        untried.add(rest);
        limit = reached;
    }

    /** A mail host may have taken the mail and did not say so. */
    void leftInDoubtBy(MailHost host) {
        doubtful = Optional.of(host.host());
    }

    /** The mail host that left it in doubt whether it took the mail; empty where none did. */
    Optional<Host> doubtful() {
        return doubtful;
    }

    /** Which mail hosts and addresses were not tried, or not told of, in words; empty where there are none. */
    Optional<String> untried() {
        List<String> parts = new ArrayList<>();
        if (notAllowed > mostNotAllowed) {
            parts.add((notAllowed - mostNotAllowed) + " more mail hosts are not allowed by the policy");
        }
        if (!untried.isEmpty()) {
            parts.add(String.join(" and ", untried) + " were not tried: " + limit);
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of("and " + String.join("; ", parts));
    }

    /** Tells at the end of the tour which mail hosts were not tried. */
    void tellUntried() {
        untried().ifPresent(rest -> SureLog.info(LOGGER, "Mail {} to {}: {}", mailName, domain.text(), rest));
    }

    /** Whether every mail host was reached and could be sent to, so that a later attempt would find the same. */
    boolean reachedAll() {
        return !brokeOff
                && untried.isEmpty()
                && attempts.stream()
                        .map(HostAttempt::verdict)
                        .noneMatch(verdict -> verdict instanceof Verdict.Failed || verdict instanceof Verdict.Violated);
    }

    /** The first failure that SMTP knows. */
    Optional<SmtpFailure> refusal() {
        return refusal;
    }

    /** The first reply code among the failures. */
    Optional<Integer> replyCode() {
        return replyCode;
    }

    boolean hasBrokenOff() {
        return brokeOff;
    }
}
