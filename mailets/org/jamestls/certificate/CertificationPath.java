package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A way from a mail host's certificate upwards (RFC 5280 §6.1), each certificate signed by the next.
 *
 * @param certificates the mail host's certificate, then its issuers, without the root
 * @param root the trusted root that signed the last of them; empty when the way ends before one
 */
record CertificationPath(List<X509Certificate> certificates, Optional<X509Certificate> root) {

    CertificationPath {
        certificates = List.copyOf(certificates);
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

    /** The authorities: every certificate but the mail host's own, unless that is the trusted root itself. */
    List<X509Certificate> authorities() {
        return withRoot()
                .subList(1, certificates.size() + root.stream().toList().size());
    }
}
