package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A way from a mail host's certificate upwards (RFC 5280 §6.1), each certificate signed by the next. For one check and one
 * thread.
 */
final class CertificationPath {

    private final List<X509Certificate> certificates;
    private final Optional<X509Certificate> root;
    private final CheckLimit limit;
    private PathNameConstraints nameConstraints;

    CertificationPath(List<X509Certificate> certificates, Optional<X509Certificate> root) {
        this(certificates, root, new CheckLimit());
    }

    /**
     * A way.
     *
     * @param certificates the mail host's certificate, then its issuers, without the root
     * @param root the trusted root that signed the last of them; empty when the way ends before one
     * @param limit what all ways of the check may cost together
     */
    CertificationPath(List<X509Certificate> certificates, Optional<X509Certificate> root, CheckLimit limit) {
        this.certificates = List.copyOf(certificates);
        this.root = root;
        this.limit = limit;
    }

    static boolean selfIssued(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
    }

    List<X509Certificate> certificates() {
        return certificates;
    }

    Optional<X509Certificate> root() {
        return root;
    }

    X509Certificate endEntity() {
        return certificates.get(0);
    }

    /** The certificate at which the way ends, apart from the root. */
    X509Certificate last() {
        return certificates.get(certificates.size() - 1);
    }

    List<X509Certificate> intermediates() {
        return certificates.subList(1, certificates.size());
    }

    /** Every certificate of the way, the root included. */
    List<X509Certificate> withRoot() {
        List<X509Certificate> all = new ArrayList<>(certificates);
        root.ifPresent(all::add);
        return all;
    }

    /**
     * What the authorities of the way may issue for, evaluated once.
     *
     * @throws CheckLimitException when that costs too much
     */
    PathNameConstraints nameConstraints() {
        if (nameConstraints == null) {
            nameConstraints = PathNameConstraints.of(this, limit);
        }
        return nameConstraints;
    }
}
