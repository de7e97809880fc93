package org.jamestls;

import java.util.Collection;
import java.util.Optional;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;
import org.jamestls.delivery.DeliveryConfiguration;
import org.jamestls.delivery.SureLog;
import org.jamestls.policy.FileLocation;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.policyfile.LivePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matches the recipients whose domain has a TLS policy, its own or inherited. A domain that cannot be looked up matches
 * too, so that nothing but {@link TlsRemoteDelivery} takes it. Never throws for any recipient.
 *
 * <p>The condition may name the policy file, such as {@code TlsEnforced=file://conf/other.xml}; the default is that of
 * the mailet, {@value DeliveryConfiguration#DEFAULT_POLICY_URL}. Mailet and matcher share what the file says.
 */
public class TlsEnforced extends GenericMatcher {

    private static final Logger LOGGER = LoggerFactory.getLogger(TlsEnforced.class);

    private final SharedPolicies policies;
    private LivePolicy policy;

    @Inject
    public TlsEnforced(SharedPolicies policies) {
        this.policies = policies;
    }

    @Override
    public void init() throws MessagingException {
        policy = policies.open(Optional.ofNullable(getCondition())
                .map(String::strip)
                .map(FileLocation::url)
                .orElse(DeliveryConfiguration.DEFAULT_POLICY_URL));
    }

    @Override
    public Collection<MailAddress> match(Mail mail) {
        return mail.getRecipients().stream().filter(this::enforced).toList();
    }

    private boolean enforced(MailAddress recipient) {
        try {
            RecipientDomain domain = RecipientDomain.of(recipient.getDomain().asString());
            return domain.decision(policy.current())
                    .map(PolicyDecision::enforced)
                    .orElse(true);
        } catch (RuntimeException | Error e) {
            SureLog.error(LOGGER, "The policy of {} cannot be looked up; it is treated as enforced", recipient, e);
            return true;
        }
    }

    @Override
    public String getMatcherInfo() {
        return "Recipients whose domain has a TLS policy";
    }
}
