package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;
import org.jamestls.policy.DomainName;

/**
 * The name constraints of a way, gathered from the root downwards (RFC 5280 §6.1.4 (g)). The platform's own path validation
 * leaves out those that the root's certificate carries.
 */
final class PathNameConstraints {

    private final PKIXNameConstraintValidator gathered = new PKIXNameConstraintValidator();
    private Optional<X509Certificate> violatingCertificate = Optional.empty();
    private boolean onDnsNames;

    private PathNameConstraints() {}

    static PathNameConstraints of(CertificationPath path) {
        PathNameConstraints constraints = new PathNameConstraints();
        List<X509Certificate> downwards = new ArrayList<>(path.withRoot());
        Collections.reverse(downwards);
        for (X509Certificate certificate : downwards) {
            boolean isRoot = path.root().equals(Optional.of(certificate));
            boolean isEndEntity = certificate.equals(path.endEntity());
            // RFC 5280 §6.1.3 (b): the names of a self-issued authority may lie outside
            if (isEndEntity) {
                constraints.checkNames(certificate, hostNamesAndOthers(certificate));
            } else {
                if (!isRoot && !selfIssued(certificate)) {
                    constraints.checkNames(certificate, CertificateNames.alternativeNames(certificate));
                }
                constraints.gather(certificate);
            }
        }
        return constraints;
    }

    /** The first certificate, from the root downwards, with a name outside, or with constraints that are unreadable. */
    Optional<X509Certificate> violatingCertificate() {
        return violatingCertificate;
    }

    /** Whether an authority of the way is constrained to certain host names. */
    boolean onDnsNames() {
        return onDnsNames;
    }

    /** Whether the authorities may issue for the host: a wildcard can stand for names that its own text does not show. */
    boolean permit(DomainName host) {
        try {
            GeneralName name = new GeneralName(GeneralName.dNSName, host.text());
            gathered.checkPermitted(name);
            gathered.checkExcluded(name);
            return true;
        } catch (NameConstraintValidatorException e) {
            return false;
        }
    }

    private void checkNames(X509Certificate certificate, List<GeneralName> names) {
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        try {
            gathered.checkPermittedDN(subject);
            gathered.checkExcludedDN(subject);
            for (GeneralName name : names) {
                gathered.checkPermitted(name);
                gathered.checkExcluded(name);
            }
        } catch (NameConstraintValidatorException | RuntimeException e) {
            violated(certificate);
        }
    }

    /** A server's SANs; a CN that is a host name stands in where there is no DNS SAN, as it does for the platform. */
    private static List<GeneralName> hostNamesAndOthers(X509Certificate certificate) {
        List<GeneralName> names = new ArrayList<>(CertificateNames.alternativeNames(certificate));
        if (names.stream().noneMatch(name -> name.getTagNo() == GeneralName.dNSName)) {
            CertificateNames.of(certificate)
                    .commonName()
                    .flatMap(PresentedDnsName::parse)
                    .map(name -> new GeneralName(GeneralName.dNSName, name.toString()))
                    .ifPresent(names::add);
        }
        return names;
    }

    private void gather(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.nameConstraints.getId());
        if (extension == null) {
            return;
        }
        try {
            NameConstraints constraints = NameConstraints.getInstance(
                    ASN1OctetString.getInstance(extension).getOctets());
            GeneralSubtree[] permitted = orNone(constraints.getPermittedSubtrees());
            GeneralSubtree[] excluded = orNone(constraints.getExcludedSubtrees());
            onDnsNames |= Stream.of(permitted, excluded)
                    .flatMap(Arrays::stream)
                    .anyMatch(subtree -> subtree.getBase().getTagNo() == GeneralName.dNSName);
            if (permitted.length > 0) {
                gathered.intersectPermittedSubtree(permitted);
            }
            for (GeneralSubtree subtree : excluded) {
                gathered.addExcludedSubtree(subtree);
            }
        } catch (RuntimeException e) {
            // RFC 5280 §4.2.1.10: constraints that cannot be processed are not passed over
            violated(certificate);
        }
    }

    private void violated(X509Certificate certificate) {
        violatingCertificate = violatingCertificate.or(() -> Optional.of(certificate));
    }

    private static GeneralSubtree[] orNone(GeneralSubtree[] subtrees) {
        return subtrees == null ? new GeneralSubtree[0] : subtrees;
    }

    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
    }
}
