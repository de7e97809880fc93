package org.jamestls.policyfile;

import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import org.jamestls.policy.OtherDomains;

/** The element {@code <otherDomains>}: what applies to domains without a policy. */
final class OtherDomainsElement {

    private static final Choice<OtherDomains> TLS = tls();
    private static final ChildElements<OtherDomainsElement> CHILDREN =
            new ChildElements<OtherDomainsElement>().once("tls", OtherDomainsElement::readTls);

    private OtherDomains tls = OtherDomains.OPPORTUNISTIC;
    private Optional<Place> place = Optional.empty();

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
        Setting<OtherDomains> setting = element.value("opportunistic", TLS);
        place = Optional.of(setting.element());
        setting.value().ifPresent(value -> tls = value);
    }

    Optional<Place> place() {
        return place;
    }

    OtherDomains toOtherDomains() {
        return tls;
    }
}
