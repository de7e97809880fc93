package org.jamestls.certificate;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.IpAddress;

/** The names of a certificate that count, given the way to its root. */
final class BorneNames {

    private final CertificateNames names;
    private final PathNameConstraints constraints;
    private final Optional<String> commonName;
    private final List<PresentedDnsName> hostNames;

    private BorneNames(CertificateNames names, PathNameConstraints constraints) {
        this.names = names;
        this.constraints = constraints;
        // RFC 5280 §4.2.1.10: constraints on host names do not reach the CN, so under them it proves nothing at all
        this.commonName = constraints.onHostNames() ? Optional.empty() : names.commonName();
        // Deviation: RFC 9525 §2 leaves the CN out; operators were promised "CN or SAN", so it counts even beside SANs
        this.hostNames = Stream.concat(commonName.stream(), names.dnsNames().stream())
                .flatMap(name -> PresentedDnsName.parse(name).stream())
                .toList();
    }

    static BorneNames of(CertificationPath path) {
        return new BorneNames(CertificateNames.of(path.endEntity()), path.nameConstraints());
    }

    boolean hostName(DomainName host) {
        return hostNames.stream().anyMatch(name -> name.covers(host)) && constraints.permit(host);
    }

    boolean address(IpAddress host) {
        return names.ipAddresses().contains(host.address());
    }

    /** Whether the very wildcard is borne. */
    boolean wildcard(String text) {
        return hostNames.stream()
                .anyMatch(name -> name.wildcard() && name.toString().equals(text));
    }

    /** Whether the CN is the text, which is no host name, ignoring case. */
    boolean commonName(String text) {
        return commonName.filter(text::equalsIgnoreCase).isPresent();
    }

    /** Why a CN that looks right does not count; empty where it does. */
    String note() {
        return commonName.equals(names.commonName()) ? "" : "the CN does not count under DNS name constraints: ";
    }
}
