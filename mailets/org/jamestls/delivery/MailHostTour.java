package org.jamestls.delivery;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.routing.MailHost;
import org.jamestls.routing.TemporaryDnsException;
import org.jamestls.smtp.ConnectionKey;
import org.jamestls.smtp.ConnectionTerms;
import org.jamestls.smtp.LeasedConnection;
import org.jamestls.smtp.MailHostAddress;
import org.jamestls.smtp.SmtpConnection;
import org.jamestls.smtp.SmtpException;
import org.jamestls.smtp.SmtpFailure;

/**
 * One mail's tour of the mail hosts of one domain, as far as its limits let it go. Whatever goes wrong at one host is that
 * host's failure: the next one is tried. For one thread.
 */
final class MailHostTour {

    /** How many fresh connections a mail may need where the one before was of no use. */
    private static final int MOST_FRESH = 2;

    private final TourEquipment equipment;
    private final Task task;
    private final MailTransactions transactions;
    private final TourBudget budget;
    private final TourRecord record;
    private boolean policyChanged;

    /**
     * What the tour is for.
     *
     * @param mailName the mail's name in the log
     * @param domain the recipients' domain
     * @param decision what the policy says about it
     * @param lastAttempt whether the mail is given up after this one: then hosts are tried that are otherwise left alone
     * @param warned whether the operator was warned of a violation that an earlier attempt met with
     * @param policyHolds whether the decision is still what the policy says
     */
    record Task(
            String mailName,
            RecipientDomain domain,
            PolicyDecision decision,
            boolean lastAttempt,
            boolean warned,
            BooleanSupplier policyHolds) {}

    MailHostTour(TourEquipment equipment, Task task, MailTransactions transactions) {
        this.equipment = equipment;
        this.task = task;
        this.transactions = transactions;
        this.budget = new TourBudget(equipment.limits(), equipment.clock());
        this.record = new TourRecord(
                task.mailName(),
                task.domain(),
                task.decision(),
                equipment.reportedViolations(),
                equipment.limits().mailHosts(),
                task.warned());
    }

    /** Never throws: those who have got the mail must not get it again because of what goes wrong with the others. */
    Optional<AttemptResult> visit(List<MailHost> hosts) {
        try {
            visitInOrder(hosts);
            record.tellUntried();
        } catch (RuntimeException | Error e) {
            record.brokeOff(e);
        }
        return policyChanged && transactions.untouched() ? Optional.empty() : Optional.of(result());
    }

    private AttemptResult result() {
        try {
            return transactions.result(record);
        } catch (RuntimeException | Error e) {
            record.brokeOff(e);
            return transactions.shortResult(record);
        }
    }

    private void visitInOrder(List<MailHost> hosts) {
        for (int visited = 0; visited < hosts.size() && wanted(); visited++) {
            Optional<String> limit = budget.noMailHost();
            if (limit.isPresent()) {
                record.endedBy((hosts.size() - visited) + " more mail hosts", limit.get());
                return;
            }
            visit(hosts.get(visited));
        }
    }

    private boolean wanted() {
        return transactions.open() && !policyChanged;
    }

    private void visit(MailHost host) {
        try {
            Optional<PolicyViolation> notAllowed = host.violation(task.decision());
            if (notAllowed.isPresent() && !task.decision().reportOnly()) {
                record.addNotAllowed(host, notAllowed.get());
            } else {
                visit(host, new ConnectionTerms(task.decision().requirement(), notAllowed));
            }
        } catch (RuntimeException | Error e) {
            record.brokeOff(host, Optional.empty(), e);
        }
    }

    private void visit(MailHost host, ConnectionTerms terms) {
        budget.spendMailHost();
        List<IpAddress> addresses;
        try {
            addresses = equipment.router().addresses(host);
        } catch (TemporaryDnsException e) {
            record.add(host, Optional.empty(), new Verdict.Failed(e.getMessage()));
            return;
        }
        // James's resolver answers SERVFAIL as if there were no address, so this too is temporary
        if (addresses.isEmpty()) {
            record.add(host, Optional.empty(), new Verdict.Failed("the DNS knows no address of the mail host"));
        }
        for (int visited = 0; visited < addresses.size() && wanted(); visited++) {
            Optional<String> limit = budget.noAddress();
            if (limit.isPresent()) {
                record.endedBy(
                        (addresses.size() - visited) + " more addresses of "
                                + host.host().text(),
                        limit.get());
                return;
            }
            visitWhateverComes(host, addresses.get(visited), terms);
        }
    }

    private void visitWhateverComes(MailHost host, IpAddress address, ConnectionTerms terms) {
        budget.spendAddress();
        try {
            visit(host, address, terms);
        } catch (RuntimeException | Error e) {
            record.brokeOff(host, Optional.of(address), e);
        }
    }

    private void visit(MailHost host, IpAddress address, ConnectionTerms terms) {
        ConnectionKey key = new ConnectionKey(
                new MailHostAddress(host.host(), address, host.port()),
                terms.requirement(),
                host.credentials(),
                equipment.roots().getAsInt());
        Optional<MailHostBackoff.Pause> pause = equipment.backoff().pauseOf(key.host());
        if (pause.isPresent() && !task.lastAttempt() && !equipment.connections().hasOpen(key)) {
            record.add(host, Optional.of(address), left(pause.get()));
            return;
        }
        try {
            boolean sent = transact(host, address, key, terms);
            while (sent && transactions.anotherFollows() && wanted() && budget.inTime()) {
                sent = transact(host, address, key, terms);
            }
        } finally {
            transactions.turnToAll();
        }
    }

    /** One transaction, over whatever connection is at hand; false when it did not come about. */
    private boolean transact(MailHost host, IpAddress address, ConnectionKey key, ConnectionTerms terms) {
        try (LeasedConnection leased = equipment.connections().lease(key)) {
            if (sendOver(leased.connection(), host, address, terms)) {
                return true;
            }
        } catch (SmtpException e) {
            afterFailure(host, address, key, terms, e.failure());
            return false;
        }
        return transactAgain(host, address, key, terms);
    }

    private static Verdict left(MailHostBackoff.Pause pause) {
        return new Verdict.Failed(
                "not tried again within " + pause.length().toMillis() + " ms after: " + pause.reason());
    }

    /**
     * What ended a connection that was kept open is no failure of the mail's: it goes at once over a fresh one, and when
     * the host turns out there not to know the BDAT that it offers, over another, which does without.
     */
    private boolean transactAgain(MailHost host, IpAddress address, ConnectionKey key, ConnectionTerms terms) {
        boolean settled = false;
        for (int fresh = 0; fresh < MOST_FRESH && !settled; fresh++) {
            try (LeasedConnection leased = equipment.connections().leaseFresh(key)) {
                settled = sendOver(leased.connection(), host, address, terms);
            } catch (SmtpException e) {
                afterFailure(host, address, key, terms, e.failure());
                return false;
            }
        }
        return settled;
    }

    /** Sends what is left to send; false when the connection turned out to be no use, for the mail or any other. */
    private boolean sendOver(SmtpConnection connection, MailHost host, IpAddress address, ConnectionTerms terms) {
        equipment.backoff().succeeded(connection.host());
        if (!transactions.anotherFollows()) {
            record.add(
                    host,
                    Optional.of(address),
                    Verdict.usable(task.decision().requirement(), terms.reported(connection), connection.tls()));
        }
        // the last look at the policy before MAIL FROM
        policyChanged = !task.policyHolds().getAsBoolean();
        boolean settled =
                policyChanged || transactions.send(connection, text -> HostAttempt.publicly(host, address, text));
        if (transactions.inDoubt()) {
            record.leftInDoubtBy(host);
        }
        return settled;
    }

    private void afterFailure(
            MailHost host, IpAddress address, ConnectionKey key, ConnectionTerms terms, SmtpFailure failure) {
        record.refused(failure);
        if (failure.hostDown()) {
            equipment.backoff().failed(key.host(), failure.message());
        }
        Optional<ConnectionTerms> less = terms.after(failure);
        // what is only reported is told of the connection that follows
        if (less.isEmpty() || less.get().reported().isEmpty()) {
            record.add(host, Optional.of(address), verdict(failure, terms.reported()));
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
}
