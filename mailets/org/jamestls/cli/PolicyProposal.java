package org.jamestls.cli;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jamestls.certificate.PresentedCertificate;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.MailHostPattern;
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
        Set<MailHostPattern> mailHosts = addresses.stream()
                .filter(address -> violates(address, Violation.MAIL_HOST_NOT_ALLOWED))
                .flatMap(address -> MailHostsProposal.pattern(address.mailHost()).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Optional<PolicyProposal> allowing = mailHosts.isEmpty()
                ? Optional.empty()
                : Optional.of(new PolicyProposal(
                        allowing(policy, mailHosts),
                        "the DNS alone names these hosts; ask the partner whether they are theirs"));
        return trusting(allowing.map(PolicyProposal::policy).orElse(policy), addresses)
                .map(trusting -> allowing.map(trusting::and).orElse(trusting))
                .or(() -> allowing);
    }

    private static DomainPolicy allowing(DomainPolicy policy, Set<MailHostPattern> mailHosts) {
        Set<MailHostPattern> all = new LinkedHashSet<>(policy.mailDelivery().mailHosts());
        all.addAll(mailHosts);
        return policy.withMailDelivery(new MailDelivery.InboundRoute(all));
    }

    private PolicyProposal and(PolicyProposal other) {
        return new PolicyProposal(policy, caution + "; and " + other.caution);
    }

    private static Optional<PolicyProposal> trusting(DomainPolicy policy, List<AddressProbe> addresses) {
        if (addresses.stream().anyMatch(address -> OF_THE_CERTIFICATE.stream().anyMatch(of -> violates(address, of)))) {
            return Optional.of(new PolicyProposal(
                    policy.withCertificateValidation(CertificateValidation.RELAXED),
                    "relaxed validation believes whoever answers; better: the partner renews the certificate, or the"
                            + " mailet's additionalRoots gets its root"));
        }
        Set<TrustedCommonName> names = new LinkedHashSet<>();
        addresses.stream()
                .filter(address -> violates(address, Violation.CERTIFICATE_NAME_MISMATCH))
                .flatMap(address -> address.chain().stream().limit(1))
                .flatMap(certificate -> name(certificate).stream())
                .forEach(names::add);
        return names.isEmpty() ? Optional.empty() : Optional.of(trusting(policy, names));
    }

    private static boolean violates(AddressProbe address, Violation violation) {
        return address.violation()
                .filter(found -> found.violation() == violation)
                .isPresent();
    }

    private static PolicyProposal trusting(DomainPolicy policy, Set<TrustedCommonName> names) {
        Set<TrustedCommonName> all =
                new LinkedHashSet<>(policy.certificateValidation().trustedCommonNames());
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
