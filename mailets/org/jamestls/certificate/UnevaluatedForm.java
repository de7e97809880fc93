package org.jamestls.certificate;

import org.bouncycastle.asn1.ASN1Encodable;

/**
 * Forms of names of which no use is made here, such as {@code otherName} and {@code registeredID}. RFC 5280 §4.2.1.10: a
 * constraint on such a form concerns only certificates that bear a name of it, and these are refused.
 */
record UnevaluatedForm() implements NameForm<Void, ASN1Encodable> {

    @Override
    public Void name(ASN1Encodable value) {
        throw new IllegalArgumentException("a name of a form that is not evaluated");
    }

    @Override
    public ASN1Encodable subtree(ASN1Encodable base) {
        return base;
    }

    @Override
    public boolean within(Void name, ASN1Encodable subtree) {
        return false;
    }
}
