package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jamestls.policy.Host;
import org.jamestls.policy.PolicyViolation;

/**
 * Accepts whatever is presented. <strong>Whoever poisons DNS or sits in the middle can pose as the mail host.</strong>
 * Only relaxed and opportunistic requirements, which ask for encryption alone (RFC 7435), may use it.
 */
public record NoValidation() implements CertificateCheck {

    @Override
    public Optional<PolicyViolation> check(List<X509Certificate> presented, Host host) {
        return Optional.empty();
    }
}
