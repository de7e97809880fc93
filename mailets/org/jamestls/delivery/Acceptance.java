package org.jamestls.delivery;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.jamestls.smtp.MailHostAddress;
import org.jamestls.smtp.SmtpReply;

/**
 * A mail host took the mail for some recipients.
 *
 * @param recipients who they are
 * @param host the mail host
 * @param reply what it said, which as a rule names the mail as its own log does
 */
public record Acceptance(Set<MailAddress> recipients, MailHostAddress host, SmtpReply reply) {
    public Acceptance {
        recipients = new LinkedHashSet<>(recipients);
    }
}
