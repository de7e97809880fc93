package org.jamestls.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Everything that the policy file says about one enforced domain: one {@code <domain>} element.
 *
 * @param domain the domain, whose sub-domains inherit the policy
 * @param mode what becomes of mail whose connections do not satisfy the policy
 * @param excludedSubDomains names below the domain to which the policy does not apply, nor to what lies below them
 * @param certificateValidation what the mail host's certificate has to prove
 * @param mailDelivery the way to the mail host
 */
public record DomainPolicy(
        DomainName domain,
        EnforcementMode mode,
        SortedSet<DomainName> excludedSubDomains,
        CertificateValidation certificateValidation,
        MailDelivery mailDelivery) {

    public DomainPolicy {
        excludedSubDomains = excludedSubDomains.isEmpty()
                ? Collections.emptySortedSet()
                : Collections.unmodifiableSortedSet(new TreeSet<>(excludedSubDomains));
    }

    /** A policy with what an empty {@code <domain>} element means: enforced, strong, inbound route, no exclusion. */
    public static DomainPolicy withDefaults(DomainName domain) {
        return new DomainPolicy(
                domain,
                EnforcementMode.ENFORCE,
                Collections.emptySortedSet(),
                CertificateValidation.STRONG,
                new MailDelivery.InboundRoute());
    }

    /** What a connection for the domain has to reach, or what is reported when it does not. */
    public TlsRequirement requirement() {
        TlsRequirement wanted = certificateValidation.requirement();
        return reportOnly() ? new TlsRequirement.Reported(wanted) : wanted;
    }

    public boolean reportOnly() {
        return mode == EnforcementMode.REPORT;
    }

    /** This policy enforced, with strong validation. */
    DomainPolicy verified() {
        return withMode(EnforcementMode.ENFORCE).withCertificateValidation(certificateValidation.strong());
    }

    public DomainPolicy withMode(EnforcementMode other) {
        return new DomainPolicy(domain, other, excludedSubDomains, certificateValidation, mailDelivery);
    }

    public DomainPolicy withExcludedSubDomains(Collection<DomainName> excluded) {
        return new DomainPolicy(domain, mode, new TreeSet<>(excluded), certificateValidation, mailDelivery);
    }

    public DomainPolicy withCertificateValidation(CertificateValidation validation) {
        return new DomainPolicy(domain, mode, excludedSubDomains, validation, mailDelivery);
    }

    public DomainPolicy withMailDelivery(MailDelivery delivery) {
        return new DomainPolicy(domain, mode, excludedSubDomains, certificateValidation, delivery);
    }
}
