package org.jamestls.certificate;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A form of name that an authority can be constrained to (RFC 5280 §4.2.1.10).
 *
 * @param <N> a name of this form
 * @param <S> a subtree of such names
 */
sealed interface NameForm<N, S>
        permits HostNameForm, AddressForm, DirectoryNameForm, MailboxForm, UriForm, UnevaluatedForm {

    /**
     * Reads a name as a certificate bears it.
     *
     * @throws RuntimeException when it is none of this form
     */
    N name(ASN1Encodable value);

    /**
     * Reads the base of a constraint.
     *
     * @throws RuntimeException when it is none of this form
     */
    S subtree(ASN1Encodable base);

    /** Whether the whole of the name lies in the subtree. */
    boolean within(N name, S subtree);

    /** The form of a {@link GeneralName}'s tag. */
    static NameForm<?, ?> of(int tag) {
        return switch (tag) {
            case GeneralName.dNSName -> new HostNameForm();
            case GeneralName.iPAddress -> new AddressForm();
            case GeneralName.directoryName -> new DirectoryNameForm();
            case GeneralName.rfc822Name -> new MailboxForm();
            case GeneralName.uniformResourceIdentifier -> new UriForm();
            default -> new UnevaluatedForm();
        };
    }
}
