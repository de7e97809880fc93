package org.jamestls.policyfile;

import javax.xml.stream.XMLStreamException;
import org.jamestls.policy.OtherDomains;

/** The element {@code <otherDomains>}: what applies to domains without a policy. */
final class OtherDomainsElement {

    private static final Choice<OtherDomains> TLS = tls();
    private static final ChildElements<OtherDomainsElement> CHILDREN =
            new ChildElements<OtherDomainsElement>().once("tls", OtherDomainsElement::readTls);

    private OtherDomains tls = OtherDomains.OPPORTUNISTIC;

    private static Choice<OtherDomains> tls() {
        Choice<OtherDomains> choice = new Choice<>();
        for (OtherDomains value : OtherDomains.values()) {
            choice.or(value.value(), value);
        }
        return choice;
    }

    void read(ElementCursor element) throws XMLStreamException {
        CHILDREN.readSome(element, this);
    }

    private void readTls(ElementCursor element) throws XMLStreamException {
        element.value("opportunistic", TLS).value().ifPresent(value -> tls = value);
    }

    OtherDomains toOtherDomains() {
        return tls;
    }
}
