package org.jamestls.cli;

import java.util.ArrayList;
import java.util.List;
import org.jamestls.certificate.PresentedCertificate;

/** Certificates in words. */
final class CertificateText {

    private CertificateText() {}

    /** The subject and the names that count beside it. */
    static String names(PresentedCertificate certificate) {
        List<String> names = new ArrayList<>();
        names.add(certificate.subject().isEmpty() ? "no subject" : certificate.subject());
        certificate.dnsNames().forEach(name -> names.add("DNS:" + name));
        certificate.ipAddresses().forEach(address -> names.add("IP:" + address));
        return String.join(", ", names);
    }
}
