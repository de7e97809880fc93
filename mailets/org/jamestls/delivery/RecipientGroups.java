package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.jamestls.policy.RecipientDomain;

/** Recipients by their domain: what one attempt, one queue item and one policy decision are about. */
public final class RecipientGroups {

    private RecipientGroups() {}

    /** Every recipient, once, under its domain; in the order of the first recipient of each. */
    public static Map<RecipientDomain, List<MailAddress>> byDomain(Collection<MailAddress> recipients) {
        Map<RecipientDomain, List<MailAddress>> groups = new LinkedHashMap<>();
        for (MailAddress recipient : recipients) {
            groups.computeIfAbsent(domainOf(recipient), domain -> new ArrayList<>())
                    .add(recipient);
        }
        return groups;
    }

    private static RecipientDomain domainOf(MailAddress recipient) {
        return RecipientDomain.of(recipient.getDomain().asString());
    }
}
