package org.jamestls.delivery;

import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamestls.policy.PolicyDecision;

/** A mail whose sender wants TLS on its whole way (RFC 8689), as the SMTP server of James 3.9 marks it. */
final class RequireTls {

    private static final AttributeName MARK = AttributeName.of("REQUIRETLS");

    private RequireTls() {}

    static boolean askedOf(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, MARK, Boolean.class).orElse(false);
    }

    /**
     * What a mail needs beside what is decided for its recipients' domain: TLS with a certificate that proves the mail
     * host (RFC 8689 §4.2.1).
     *
     * <p>Deviation: where a strong policy names trusted common names, these remain proof beside the mail host's name. That
     * the DNS may have been forged, which the RFC meets with DNSSEC or MTA-STS, is met by {@code <mailHosts>} alone.
     */
    static PolicyDecision bind(Mail mail, PolicyDecision decision) {
        return askedOf(mail) ? decision.verified("the mail's REQUIRETLS") : decision;
    }

    /** Marks the bounce of a mail as the mail is: it tells the headers of what was to be protected (RFC 8689 §5). */
    static void passOn(Mail original, Mail bounce) {
        if (askedOf(original)) {
            bounce.setAttribute(new Attribute(MARK, AttributeValue.of(true)));
        }
    }
}
