package org.jamestls.certificate;

import java.net.URI;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.jamestls.policy.DomainName;

/** URIs, {@code uniformResourceIdentifier}, whose hosts are constrained. */
record UriForm() implements NameForm<DomainName, DomainSubtree> {

    /** RFC 5280 §4.2.1.10: a URI without the name of a host is refused where there is a constraint. */
    @Override
    public DomainName name(ASN1Encodable value) {
        return DomainSubtree.domainName(
                URI.create(((ASN1String) value).getString()).getHost());
    }

    @Override
    public DomainSubtree subtree(ASN1Encodable base) {
        return DomainSubtree.read(base);
    }

    @Override
    public boolean within(DomainName name, DomainSubtree subtree) {
        return subtree.holdsHost(name);
    }
}
