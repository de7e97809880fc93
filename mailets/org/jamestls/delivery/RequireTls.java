package org.jamestls.delivery;

import java.util.Set;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.TlsRequirement;

/** A mail whose sender wants TLS on its whole way (RFC 8689), as the SMTP server of James 3.9 marks it. */
final class RequireTls {

    private static final AttributeName MARK = AttributeName.of("REQUIRETLS");
    private static final TlsRequirement VERIFIED = new TlsRequirement.Verified(Set.of());

    private RequireTls() {}

    static boolean askedOf(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, MARK, Boolean.class).orElse(false);
    }

    /**
     * What a mail needs beside what is decided for its recipients' domain: a policy, be it one that is only reported, or
     * else TLS with a certificate that proves the mail host's name (RFC 8689 §4.2.1).
     */
    static PolicyDecision bind(Mail mail, PolicyDecision decision) {
        return askedOf(mail) ? decision.enforcing().atLeast(VERIFIED, "the mail's REQUIRETLS") : decision;
    }
}
