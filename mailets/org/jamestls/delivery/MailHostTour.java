package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.routing.MailHost;
import org.jamestls.routing.Router;
import org.jamestls.routing.TemporaryDnsException;
import org.jamestls.smtp.ConnectionKey;
import org.jamestls.smtp.ConnectionTerms;
import org.jamestls.smtp.LeasedConnection;
import org.jamestls.smtp.MailHostAddress;
import org.jamestls.smtp.SmtpConnection;
import org.jamestls.smtp.SmtpConnections;
import org.jamestls.smtp.SmtpException;
import org.jamestls.smtp.SmtpFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One mail's tour of the mail hosts of one domain. For one thread. */
final class MailHostTour {

    private static final Logger LOGGER = LoggerFactory.getLogger(MailHostTour.class);

    /** How many fresh connections a mail may need where the one before was of no use. */
    private static final int MOST_FRESH = 2;

    private final String mailName;
    private final RecipientDomain domain;
    private final PolicyDecision decision;
    private final MailTransactions transactions;
    private final Router router;
    private final SmtpConnections connections;
    private final MailHostBackoff backoff;
    private final ReportedViolations reportedViolations;
    private final boolean lastAttempt;
    private final BooleanSupplier policyHolds;

    private final List<HostAttempt> attempts = new ArrayList<>();
    private final List<SmtpFailure> refusals = new ArrayList<>();
    private boolean policyChanged;

    MailHostTour(
            String mailName,
            RecipientDomain domain,
            PolicyDecision decision,
            MailTransactions transactions,
            Router router,
            SmtpConnections connections,
            MailHostBackoff backoff,
            ReportedViolations reportedViolations,
            boolean lastAttempt,
            BooleanSupplier policyHolds) {
        this.mailName = mailName;
        this.domain = domain;
        this.decision = decision;
        this.transactions = transactions;
        this.router = router;
        this.connections = connections;
        this.backoff = backoff;
        this.reportedViolations = reportedViolations;
        this.lastAttempt = lastAttempt;
        this.policyHolds = policyHolds;
    }

    Optional<AttemptResult> visit(List<MailHost> hosts) {
        try {
            hosts.forEach(this::visit);
        } catch (RuntimeException e) {
            if (transactions.untouched()) {
                throw e;
            }
            // those who have got the mail must not get it again
            LOGGER.error("The tour of mail {} to the mail hosts of {} broke off", mailName, domain.text(), e);
        }
        if (policyChanged && transactions.untouched()) {
            return Optional.empty();
        }
        return Optional.of(
                transactions.result(domain, decision, attempts, () -> UnservedFailure.of(domain, attempts, refusals)));
    }

    private void visit(MailHost host) {
        Optional<PolicyViolation> notAllowed = host.violation(decision);
        if (notAllowed.isPresent() && !decision.reportOnly()) {
            if (wanted()) {
                record(host, Optional.empty(), new Verdict.Violated(notAllowed.get()));
            }
            return;
        }
        List<IpAddress> addresses;
        try {
            addresses = router.addresses(host);
        } catch (TemporaryDnsException e) {
            record(host, Optional.empty(), new Verdict.Failed(e.getMessage()));
            return;
        }
        // James's resolver answers SERVFAIL as if there were no address, so this too is temporary
        if (addresses.isEmpty() && wanted()) {
            record(host, Optional.empty(), new Verdict.Failed("the DNS knows no address of the mail host"));
        }
        for (IpAddress address : addresses) {
            if (wanted()) {
                visit(host, address, new ConnectionTerms(decision.requirement(), notAllowed));
            }
        }
    }

    private boolean wanted() {
        return transactions.open() && !policyChanged;
    }

    private void visit(MailHost host, IpAddress address, ConnectionTerms terms) {
        ConnectionKey key = new ConnectionKey(
                new MailHostAddress(host.host(), address, host.port()), terms.requirement(), host.credentials());
        Optional<MailHostBackoff.Pause> pause = backoff.pauseOf(key.host());
        if (pause.isPresent() && !lastAttempt && !connections.hasOpen(key)) {
            record(host, Optional.of(address), left(pause.get()));
            return;
        }
        try (LeasedConnection leased = connections.lease(key)) {
            if (sendOver(leased.connection(), host, address, terms)) {
                return;
            }
        } catch (SmtpException e) {
            afterFailure(host, address, key, terms, e.failure());
            return;
        }
        visitAgain(host, address, key, terms);
    }

    private static Verdict left(MailHostBackoff.Pause pause) {
        return new Verdict.Failed(
                "not tried again within " + pause.length().toMillis() + " ms after: " + pause.reason());
    }

    /**
     * What ended a connection that was kept open is no failure of the mail's: it goes at once over a fresh one, and when
     * the host turns out there not to know the BDAT that it offers, over another, which does without.
     */
    private void visitAgain(MailHost host, IpAddress address, ConnectionKey key, ConnectionTerms terms) {
        boolean settled = false;
        for (int fresh = 0; fresh < MOST_FRESH && !settled; fresh++) {
            try (LeasedConnection leased = connections.leaseFresh(key)) {
                settled = sendOver(leased.connection(), host, address, terms);
            } catch (SmtpException e) {
                afterFailure(host, address, key, terms, e.failure());
                return;
            }
        }
    }

    /** Sends what is left to send; false when the connection turned out to be no use, for the mail or any other. */
    private boolean sendOver(SmtpConnection connection, MailHost host, IpAddress address, ConnectionTerms terms) {
        backoff.succeeded(connection.host());
        record(host, Optional.of(address), Verdict.usable(terms.reported(connection), connection.tls()));
        // the last look at the policy before MAIL FROM
        policyChanged = !policyHolds.getAsBoolean();
        return policyChanged || transactions.send(connection);
    }

    private void afterFailure(
            MailHost host, IpAddress address, ConnectionKey key, ConnectionTerms terms, SmtpFailure failure) {
        refusals.add(failure);
        if (failure.hostDown()) {
            backoff.failed(key.host(), failure.message());
        }
        Optional<ConnectionTerms> less = terms.after(failure);
        // what is only reported is told of the connection that follows
        if (less.isEmpty() || less.get().reported().isEmpty()) {
            record(host, Optional.of(address), verdict(failure, terms.reported()));
        }
        less.ifPresent(fresh -> visit(host, address, fresh));
    }

    private static Verdict verdict(SmtpFailure failure, Optional<PolicyViolation> reported) {
        return failure instanceof SmtpFailure.TlsViolated violated
                ? new Verdict.Violated(violated.violation())
                : new Verdict.Failed(failure.message()
                        + reported.map(violation -> "; would have been refused too: " + violation)
                                .orElse(""));
    }

    private void record(MailHost host, Optional<IpAddress> address, Verdict verdict) {
        HostAttempt attempt = new HostAttempt(host, address, verdict);
        attempts.add(attempt);
        attempt.reported().ifPresent(reportedViolations::count);
        HostAttemptLog.write(mailName, domain, decision, attempt);
    }
}
