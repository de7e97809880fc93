package org.jamestls.delivery;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamestls.policy.RecipientDomain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempt at the part of a mail that goes to one domain, and what came of it. For one thread at a time. */
final class PartAttempt {

    private static final Logger LOGGER = LoggerFactory.getLogger(PartAttempt.class);

    private final Mail mail;
    private final RecipientDomain domain;
    private final Collection<MailAddress> recipients;
    private AttemptResult result;
    private boolean cutShort;

    /** @param mail a mail that nobody else settles, to these recipients */
    PartAttempt(Mail mail, RecipientDomain domain, Collection<MailAddress> recipients) {
        this.mail = mail;
        this.domain = domain;
        this.recipients = recipients;
    }

    Mail mail() {
        return mail;
    }

    /**
     * Attempts the delivery. Never throws.
     *
     * @param stopping whether the server stops, asked afterwards: then a temporary failure is its own doing
     */
    void run(DomainDelivery delivery, BooleanSupplier stopping) {
        try {
            result = delivery.attempt(mail, domain, List.copyOf(recipients));
        } catch (RuntimeException | Error e) {
            SureLog.error(LOGGER, "The attempt to deliver mail {} broke off", mail.getName(), e);
        }
        cutShort = stopping.getAsBoolean();
    }

    /** What came of it, but for recipients whom the server's stop cut short. */
    AttemptResult result() {
        AttemptResult known = known();
        return cutShort ? known.withoutTemporaryFailures() : known;
    }

    /** The recipients whom the server's stop cut short. */
    Set<MailAddress> cutShort() {
        return cutShort ? known().temporaryFailures() : Set.of();
    }

    private AttemptResult known() {
        return Optional.ofNullable(result).orElseGet(() -> AttemptResult.brokenOff(domain, recipients));
    }
}
