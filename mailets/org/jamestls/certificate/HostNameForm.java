package org.jamestls.certificate;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;

/**
 * Host names, {@code dNSName}. A wildcard lies in a subtree when every name that it stands for does.
 *
 * <p>Deviation: RFC 5280 §4.2.1.10 knows no leading dot here. Authorities write it as for URIs, and it is read as there:
 * what lies below the name, the name itself left out.
 */
record HostNameForm() implements NameForm<PresentedDnsName, DomainSubtree> {

    @Override
    public PresentedDnsName name(ASN1Encodable value) {
        return PresentedDnsName.parse(((ASN1String) value).getString()).orElseThrow();
    }

    @Override
    public DomainSubtree subtree(ASN1Encodable base) {
        return DomainSubtree.read(base);
    }

    @Override
    public boolean within(PresentedDnsName name, DomainSubtree subtree) {
        return name.wildcard() ? subtree.holdsAllBelow(name.name()) : subtree.holds(name.name());
    }
}
