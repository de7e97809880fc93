package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jamestls.policy.DomainName;

/**
 * The name constraints of a way, from the root downwards (RFC 5280 §6.1.3 (b) and (c), §6.1.4 (g)). A name has to satisfy
 * each authority above it by itself, the root included, which is the same as lying in the intersection of what they
 * permit, and in none of what they exclude.
 */
final class PathNameConstraints {

    private final CheckLimit limit;
    private final List<AuthorityConstraints> authorities = new ArrayList<>();
    private Optional<Violation> violation = Optional.empty();

    /**
     * The first certificate, from the root downwards, that is at fault.
     *
     * @param reason what is the matter with it
     */
    record Violation(String reason, X509Certificate certificate) {}

    private PathNameConstraints(CheckLimit limit) {
        this.limit = limit;
    }

    /**
     * Evaluates the constraints of a way. Without any, no name is read.
     *
     * @throws CheckLimitException when that costs too much
     */
    static PathNameConstraints of(CertificationPath path, CheckLimit limit) {
        PathNameConstraints constraints = new PathNameConstraints(limit);
        if (path.withRoot().stream().noneMatch(AuthorityConstraints::on)) {
            return constraints;
        }
        path.root().filter(root -> !root.equals(path.endEntity())).ifPresent(constraints::gather);
        List<X509Certificate> downwards = new ArrayList<>(path.intermediates());
        Collections.reverse(downwards);
        for (X509Certificate authority : downwards) {
            // RFC 5280 §6.1.3 (b): the names of a self-issued authority may lie outside
            if (!CertificationPath.selfIssued(authority)) {
                constraints.check(authority, List.of());
            }
            constraints.gather(authority);
        }
        constraints.check(path.endEntity(), hostNameInCommonName(path.endEntity()));
        constraints.checkRole(path.endEntity());
        return constraints;
    }

    Optional<Violation> violation() {
        return violation;
    }

    /** Whether an authority of the way is constrained to certain host names. */
    boolean onHostNames() {
        return authorities.stream().anyMatch(AuthorityConstraints::onHostNames);
    }

    /** Whether the authorities may issue for the host: a wildcard can stand for names that its own text does not show. */
    boolean permit(DomainName host) {
        return permit(GeneralName.dNSName, new DERIA5String(host.text()));
    }

    private boolean permit(int tag, ASN1Encodable name) {
        return authorities.stream().allMatch(authority -> authority.permit(tag, name, limit));
    }

    private void gather(X509Certificate authority) {
        try {
            AuthorityConstraints.of(authority).ifPresent(authorities::add);
        } catch (RuntimeException e) {
            // RFC 5280 §4.2.1.10: constraints that cannot be processed are not passed over
            violated("name constraints that cannot be read", authority);
        }
    }

    private void check(X509Certificate certificate, List<GeneralName> besides) {
        if (authorities.isEmpty()) {
            return;
        }
        try {
            if (!Stream.concat(names(certificate).stream(), besides.stream())
                    .allMatch(name -> permit(name.getTagNo(), name.getName()))) {
                violated("a name outside", certificate);
            }
        } catch (CheckLimitException e) {
            throw e;
        } catch (RuntimeException e) {
            violated("names that cannot be read", certificate);
        }
    }

    /** RFC 5280 §4.2.1.10: the extension belongs into the certificates of authorities alone. */
    private void checkRole(X509Certificate endEntity) {
        if (AuthorityConstraints.on(endEntity) && endEntity.getBasicConstraints() < 0) {
            violated("name constraints of a certificate that is no authority's", endEntity);
        }
    }

    /** Every name that constraints concern. An authority's CN is none, whatever it looks like. */
    private static List<GeneralName> names(X509Certificate certificate) {
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        List<GeneralName> names = new ArrayList<>(AlternativeNames.read(certificate));
        if (names.isEmpty()) {
            // RFC 5280 §4.2.1.10: without SANs, the mail addresses of the subject stand in for them
            names.addAll(AlternativeNames.mailAddresses(subject));
        }
        // RFC 5280 §4.2.1.10: the subject where it is not empty
        if (subject.size() > 0) {
            names.add(new GeneralName(subject));
        }
        return names;
    }

    /**
     * A mail host's CN that is a host name, where there is no DNS SAN.
     *
     * <p>Deviation: RFC 5280 §4.2.1.10 constrains no CN. A certificate that names a host outside there is refused all the
     * same, though the CN would not count.
     */
    private static List<GeneralName> hostNameInCommonName(X509Certificate endEntity) {
        CertificateNames names = CertificateNames.of(endEntity);
        return names
                .commonName()
                .filter(name -> names.dnsNames().isEmpty())
                .flatMap(PresentedDnsName::parse)
                .map(name -> new GeneralName(GeneralName.dNSName, name.toString()))
                .stream()
                .toList();
    }

    private void violated(String reason, X509Certificate certificate) {
        violation = violation.or(() -> Optional.of(new Violation(reason, certificate)));
    }
}
