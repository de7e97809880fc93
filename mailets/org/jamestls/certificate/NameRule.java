package org.jamestls.certificate;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.Host;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.policy.Violation;

/**
 * The certificate bears the mail host's name or a trusted common name (RFC 9525 §6).
 *
 * @param host the mail host: the reference identity
 * @param trustedCommonNames names accepted instead of the host's
 */
record NameRule(Host host, Set<TrustedCommonName> trustedCommonNames) implements PathRule {

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        BorneNames borne = BorneNames.of(path);
        if (bearsHost(borne) || trustedCommonNames.stream().anyMatch(trusted -> bearsTrusted(borne, trusted))) {
            return Optional.empty();
        }
        return Optional.of(new PolicyViolation(
                Violation.CERTIFICATE_NAME_MISMATCH,
                expected(),
                borne.note() + PresentedCertificate.describe(path.endEntity())));
    }

    private boolean bearsHost(BorneNames borne) {
        // RFC 9525 §6.1: an IP-ID matches IP SANs alone, a DNS-ID names alone
        return host instanceof IpAddress address ? borne.address(address) : borne.hostName((DomainName) host);
    }

    private static boolean bearsTrusted(BorneNames borne, TrustedCommonName trusted) {
        if (trusted.hostName().isPresent()) {
            return borne.hostName(trusted.hostName().get());
        }
        if (trusted.wildcard().isPresent()) {
            return borne.wildcard(trusted.wildcard().get());
        }
        return borne.commonName(trusted.written());
    }

    private String expected() {
        String trusted = trustedCommonNames.stream()
                .map(TrustedCommonName::written)
                .sorted()
                .collect(Collectors.joining(", "));
        return Stream.of(host.text(), trusted.isEmpty() ? "" : "a trusted common name: " + trusted)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", or "));
    }
}
