package org.jamestls.delivery;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.routing.MailHost;
import org.jamestls.smtp.SendTo;

/** Sends mails on tours of mail hosts. Safe for use by several threads. */
final class MailHostTours {

    private final TourEquipment equipment;
    private final RetrySchedule retries;
    private final MailetContext context;
    private final SendTo sendTo;

    MailHostTours(TourEquipment equipment, RetrySchedule retries, MailetContext context, SendTo sendTo) {
        this.equipment = equipment;
        this.retries = retries;
        this.context = context;
        this.sendTo = sendTo;
    }

    /**
     * Visits mail hosts, each with all of its addresses, until every recipient is delivered to or refused,
     * or a limit ends the tour.
     *
     * @param policyHolds whether the decision is still what the policy says; asked before anything of the mail is sent
     * @return what came of it; empty when the policy changed, in which case nothing more has been sent
     */
    Optional<AttemptResult> visit(
            Mail mail,
            RecipientDomain domain,
            PolicyDecision decision,
            List<MailHost> hosts,
            List<MailAddress> recipients,
            BooleanSupplier policyHolds) {
        MailTransactions transactions = new MailTransactions(mail, domain, recipients, context, sendTo);
        // a mail is not given up without a last attempt
        boolean lastAttempt =
                retries.delayAfter(DeliveryAttributes.retries(mail)).isEmpty();
        return new MailHostTour(
                        equipment,
                        new MailHostTour.Task(
                                mail.getName(),
                                domain,
                                decision,
                                lastAttempt,
                                DeliveryAttributes.hasMetAViolation(mail),
                                policyHolds),
                        transactions)
                .visit(doubtfulLast(hosts, DeliveryAttributes.doubtfulHost(mail)));
    }

    /** A host that breaks off after each message would otherwise keep the mail from all others, attempt after attempt. */
    private static List<MailHost> doubtfulLast(List<MailHost> hosts, Optional<String> doubtful) {
        if (doubtful.isEmpty()) {
            return hosts;
        }
        Map<Boolean, List<MailHost>> parts = hosts.stream()
                .collect(Collectors.partitioningBy(host -> host.host().text().equals(doubtful.get())));
        return Stream.concat(parts.get(false).stream(), parts.get(true).stream())
                .toList();
    }
}
