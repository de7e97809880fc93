package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The subject alternative names of a certificate, every form of them (RFC 5280 §4.2.1.6). */
final class AlternativeNames {

    private AlternativeNames() {}

    /**
     * The names; none without the extension.
     *
     * @throws RuntimeException when the extension is there and cannot be read
     */
    static List<GeneralName> read(X509Certificate certificate) {
        return CertificateExtensions.value(certificate, Extension.subjectAlternativeName)
                .map(value -> List.of(GeneralNames.getInstance(value).getNames()))
                .orElse(List.of());
    }

    /** The mail addresses of a subject, as if they were alternative names. */
    static List<GeneralName> mailAddresses(X500Name subject) {
        return Stream.of(subject.getRDNs(BCStyle.EmailAddress))
                .flatMap(relativeName -> Stream.of(relativeName.getTypesAndValues()))
                .filter(attribute -> attribute.getType().equals(BCStyle.EmailAddress))
                .map(attribute ->
                        new GeneralName(GeneralName.rfc822Name, IETFUtils.valueToString(attribute.getValue())))
                .toList();
    }
}
