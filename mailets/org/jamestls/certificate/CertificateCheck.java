package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jamestls.policy.Host;
import org.jamestls.policy.PolicyViolation;

/** One way to judge what a mail host presents. Safe for use by several threads. */
public sealed interface CertificateCheck permits StrongValidation, NoValidation {

    /**
     * Judges a chain. Never throws: what cannot be checked is a violation.
     *
     * @param presented the certificates as the peer sent them, its own first
     * @param host the mail host that was meant to be reached: the reference identity (RFC 9525 §2)
     * @return the first violation, in the order in which the rules stand; empty when there is none
     */
    Optional<PolicyViolation> check(List<X509Certificate> presented, Host host);
}
