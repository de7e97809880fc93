package org.jamestls.james;

import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;

/** An address with a domain in U-labels, which James's parser refuses and other ways into James may bring. */
public final class UnicodeAddress extends MailAddress {
    private static final long serialVersionUID = 1L;

    private final String localPart;
    private final Domain domain;

    public UnicodeAddress(String localPart, Domain domain) throws Exception {
        super("placeholder@placeholder.example");
        this.localPart = localPart;
        this.domain = domain;
    }

    @Override
    public String getLocalPart() {
        return localPart;
    }

    @Override
    public Domain getDomain() {
        return domain;
    }

    @Override
    public String asString() {
        return localPart + "@" + domain.asString();
    }

    @Override
    public String toString() {
        return asString();
    }
}
