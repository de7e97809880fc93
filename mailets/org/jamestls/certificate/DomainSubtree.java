package org.jamestls.certificate;

import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.jamestls.policy.DomainName;

/**
 * A part of the domain name space, as constraints write it: nothing for all of it, a name, or a dot and a name for what lies
 * below that name.
 *
 * @param apex the name; empty for every name
 * @param below whether the name itself is left out
 */
record DomainSubtree(Optional<DomainName> apex, boolean below) {

    private static final String DOT = ".";

    /** Reads the base of a constraint; a wildcard, a trailing dot and letters that are not ASCII make it unreadable. */
    static DomainSubtree read(ASN1Encodable base) {
        return parse(((ASN1String) base).getString());
    }

    static DomainSubtree parse(String text) {
        // RFC 5280 §4.2.1.10 builds names by adding labels on the left: to nothing, that makes every name
        if (text.isEmpty()) {
            return new DomainSubtree(Optional.empty(), false);
        }
        boolean below = text.startsWith(DOT);
        return new DomainSubtree(Optional.of(domainName(below ? text.substring(1) : text)), below);
    }

    /** Reads a name in the form that certificates hold: A-labels, without regard to case. */
    static DomainName domainName(String text) {
        return new DomainName(text.toLowerCase(Locale.ROOT));
    }

    /** Whether the name is the apex or below, as zero labels or more are added; only below after a leading dot. */
    boolean holds(DomainName name) {
        return apex.isEmpty() || name.isBelow(apex.get()) || !below && name.equals(apex.get());
    }

    /** Whether every name that has one label more than this one is held. */
    boolean holdsAllBelow(DomainName name) {
        return apex.isEmpty() || name.isBelow(apex.get()) || name.equals(apex.get());
    }

    /** Whether the name is the very apex, or, after a leading dot, lies below it: how mailboxes and URIs are constrained. */
    boolean holdsHost(DomainName name) {
        return apex.isEmpty() || (below ? name.isBelow(apex.get()) : name.equals(apex.get()));
    }
}
