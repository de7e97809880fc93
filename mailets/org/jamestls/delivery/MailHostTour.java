package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.routing.MailHost;
import org.jamestls.routing.Router;
import org.jamestls.routing.TemporaryDnsException;
import org.jamestls.smtp.MailHostAddress;
import org.jamestls.smtp.SmtpClient;
import org.jamestls.smtp.SmtpConnection;
import org.jamestls.smtp.SmtpException;
import org.jamestls.smtp.SmtpFailure;
import org.jamestls.smtp.SmtpStep;

/** One mail's tour of the mail hosts of one domain. For one thread. */
final class MailHostTour {

    private final String mailName;
    private final RecipientDomain domain;
    private final PolicyDecision decision;
    private final MailTransactions transactions;
    private final Router router;
    private final SmtpClient client;
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
            SmtpClient client,
            BooleanSupplier policyHolds) {
        this.mailName = mailName;
        this.domain = domain;
        this.decision = decision;
        this.transactions = transactions;
        this.router = router;
        this.client = client;
        this.policyHolds = policyHolds;
    }

    Optional<AttemptResult> visit(List<MailHost> hosts) {
        for (MailHost host : hosts) {
            visit(host);
        }
        if (policyChanged && transactions.untouched()) {
            return Optional.empty();
        }
        return Optional.of(
                transactions.result(domain, decision, attempts, UnservedFailure.of(domain, attempts, refusals)));
    }

    private void visit(MailHost host) {
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
                visit(host, address, decision.requirement());
            }
        }
    }

    private boolean wanted() {
        return transactions.open() && !policyChanged;
    }

    private void visit(MailHost host, IpAddress address, TlsRequirement requirement) {
        MailHostAddress target = new MailHostAddress(host.host(), address, host.port());
        try (SmtpConnection connection = client.open(target, requirement)) {
            if (host.credentials().isPresent()) {
                connection.authenticate(host.credentials().get());
            }
            record(host, Optional.of(address), new Verdict.Satisfied(connection.tls()));
            // the last look at the policy before MAIL FROM
            policyChanged = !policyHolds.getAsBoolean();
            if (!policyChanged) {
                transactions.send(connection);
            }
        } catch (SmtpException e) {
            afterFailure(host, address, requirement, e.failure());
        }
    }

    private void afterFailure(MailHost host, IpAddress address, TlsRequirement requirement, SmtpFailure failure) {
        refusals.add(failure);
        record(host, Optional.of(address), verdict(failure));
        if (failure.step() == SmtpStep.HANDSHAKE) {
            requirement.afterFailedHandshake().ifPresent(less -> visit(host, address, less));
        }
    }

    private static Verdict verdict(SmtpFailure failure) {
        return failure instanceof SmtpFailure.TlsViolated violated
                ? new Verdict.Violated(violated.violation())
                : new Verdict.Failed(failure.message());
    }

    private void record(MailHost host, Optional<IpAddress> address, Verdict verdict) {
        HostAttempt attempt = new HostAttempt(host, address, verdict);
        attempts.add(attempt);
        HostAttemptLog.write(mailName, domain, decision, attempt);
    }
}
