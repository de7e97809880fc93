package org.jamestls.cli;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jamestls.certificate.PresentedCertificate;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.TrustedCommonName;
import org.jamestls.policy.Violation;

/**
 * How an entry of the policy file would have to read for what was presented to satisfy it.
 *
 * @param policy the entry
 * @param caution what its author gives away with it
 */
record PolicyProposal(DomainPolicy policy, String caution) {

    /** What relaxed validation overlooks, and a trusted name does not. */
    private static final Set<Violation> OF_THE_CERTIFICATE = EnumSet.of(
            Violation.CERTIFICATE_EXPIRED, Violation.CERTIFICATE_NOT_YET_VALID, Violation.CERTIFICATE_NOT_TRUSTED);

    static Optional<PolicyProposal> of(DomainPolicy policy, List<AddressProbe> addresses) {
        if (violations(addresses).anyMatch(OF_THE_CERTIFICATE::contains)) {
            return Optional.of(new PolicyProposal(
                    policy.withCertificateValidation(CertificateValidation.RELAXED),
                    "relaxed validation believes whoever answers; better: the partner renews the certificate, or the"
                            + " mailet's trustedRoots gets its root"));
        }
        Set<TrustedCommonName> names = new LinkedHashSet<>();
        addresses.stream()
                .filter(address -> address.violation()
                        .filter(violation -> violation.violation() == Violation.CERTIFICATE_NAME_MISMATCH)
                        .isPresent())
                .flatMap(address -> address.chain().stream().limit(1))
                .flatMap(certificate -> name(certificate).stream())
                .forEach(names::add);
        return names.isEmpty() ? Optional.empty() : Optional.of(trusting(policy, names));
    }

    private static Stream<Violation> violations(List<AddressProbe> addresses) {
        return addresses.stream()
                .flatMap(address -> address.violation().stream())
                .map(violation -> violation.violation());
    }

    private static PolicyProposal trusting(DomainPolicy policy, Set<TrustedCommonName> names) {
        Set<TrustedCommonName> all = new LinkedHashSet<>();
        if (policy.certificateValidation() instanceof CertificateValidation.Strong strong) {
            all.addAll(strong.trustedCommonNames());
        }
        all.addAll(names);
        return new PolicyProposal(
                policy.withCertificateValidation(new CertificateValidation.Strong(all)),
                "whoever gets a certificate for such a name can receive the domain's mail; make sure that the partner"
                        + " uses it");
    }

    /** The name to trust: the CN where a SAN bears it too, else the first DNS SAN, else the CN. */
    private static Optional<TrustedCommonName> name(PresentedCertificate certificate) {
        Optional<String> commonName = certificate.commonName();
        return commonName
                .filter(certificate.dnsNames()::contains)
                .or(() -> certificate.dnsNames().stream().findFirst())
                .or(() -> commonName)
                .filter(PolicyProposal::shownAsPresented)
                .flatMap(PolicyProposal::parse);
    }

    /** A name that had to be escaped or cut would not be the certificate's. */
    private static boolean shownAsPresented(String name) {
        return name.indexOf('\\') < 0 && name.length() < PeerText.MAX_LENGTH;
    }

    private static Optional<TrustedCommonName> parse(String name) {
        try {
            return Optional.of(TrustedCommonName.parse(name));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    /** The element to paste, in place of the entry that the file has. */
    String xml() {
        return String.join("\n", PolicyXml.domain(policy));
    }
}
