package org.jamestls.certificate;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * The names that a certificate bears, exactly as it presents them: nothing here is escaped.
 *
 * @param commonName the subject's most specific CN
 * @param dnsNames the DNS SANs
 * @param ipAddresses the IP SANs
 */
record CertificateNames(Optional<String> commonName, List<String> dnsNames, List<InetAddress> ipAddresses) {

    /** Reads a certificate's names; an unreadable SAN extension bears none. */
    static CertificateNames of(X509Certificate certificate) {
        List<String> dnsNames = new ArrayList<>();
        List<InetAddress> ipAddresses = new ArrayList<>();
        for (GeneralName name : alternativeNames(certificate)) {
            if (name.getTagNo() == GeneralName.dNSName) {
                dnsNames.add(((ASN1String) name.getName()).getString());
            } else if (name.getTagNo() == GeneralName.iPAddress) {
                address(ASN1OctetString.getInstance(name.getName()).getOctets()).ifPresent(ipAddresses::add);
            }
        }
        return new CertificateNames(
                mostSpecificCommonName(certificate), List.copyOf(dnsNames), List.copyOf(ipAddresses));
    }

    private static List<GeneralName> alternativeNames(X509Certificate certificate) {
        try {
            return AlternativeNames.read(certificate);
        } catch (RuntimeException e) {
            return List.of();
        }
    }

    /** The last CN of the subject; none where one RDN holds several, since nothing says which of them counts. */
    private static Optional<String> mostSpecificCommonName(X509Certificate certificate) {
        RDN[] withCommonName = X500Name.getInstance(
                        certificate.getSubjectX500Principal().getEncoded())
                .getRDNs(BCStyle.CN);
        if (withCommonName.length == 0) {
            return Optional.empty();
        }
        List<AttributeTypeAndValue> values =
                List.of(withCommonName[withCommonName.length - 1].getTypesAndValues()).stream()
                        .filter(attribute -> attribute.getType().equals(BCStyle.CN))
                        .toList();
        return values.size() == 1 && values.get(0).getValue() instanceof ASN1String text
                ? Optional.of(text.getString())
                : Optional.empty();
    }

    /** RFC 5280 §4.2.1.6: four octets or sixteen; an IPv4-mapped address stays the IPv6 address that it is. */
    private static Optional<InetAddress> address(byte[] octets) {
        try {
            return switch (octets.length) {
                case 4 -> Optional.of(InetAddress.getByAddress(octets));
                case 16 -> Optional.of(Inet6Address.getByAddress(null, octets, -1));
                default -> Optional.empty();
            };
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
