package org.jamestls.james;

import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;

/** An address that James's parser refuses, such as one with a domain in U-labels, and that other ways into James may bring. */
public final class UnparsedAddress extends MailAddress {
    private static final long serialVersionUID = 1L;

    private final String localPart;
    private final Domain domain;

    public UnparsedAddress(String localPart, Domain domain) throws Exception {
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
