package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;

/** The extensions of a certificate as they stand in it, those too that the platform cannot read. */
final class CertificateExtensions {

    private CertificateExtensions() {}

    /** The identifiers of all extensions. Asking for one that is absent costs the platform far more than this. */
    static Set<String> identifiers(X509Certificate certificate) {
        Set<String> identifiers = new HashSet<>();
        Optional.ofNullable(certificate.getCriticalExtensionOIDs()).ifPresent(identifiers::addAll);
        Optional.ofNullable(certificate.getNonCriticalExtensionOIDs()).ifPresent(identifiers::addAll);
        return identifiers;
    }

    static boolean has(X509Certificate certificate, ASN1ObjectIdentifier identifier) {
        return identifiers(certificate).contains(identifier.getId());
    }

    /** The encoded value; empty where the extension is absent. */
    static Optional<byte[]> value(X509Certificate certificate, ASN1ObjectIdentifier identifier) {
        return has(certificate, identifier)
                ? Optional.of(valueOfPresent(certificate, identifier.getId()))
                : Optional.empty();
    }

    static byte[] valueOfPresent(X509Certificate certificate, String identifier) {
        return ASN1OctetString.getInstance(certificate.getExtensionValue(identifier))
                .getOctets();
    }
}
