package org.jamestls.certificate;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.jamestls.policy.DomainName;

/** Mail addresses, {@code rfc822Name}. Constraints name one mailbox, all of one host, or all below a domain. */
record MailboxForm() implements NameForm<MailboxForm.Mailbox, MailboxForm.Mailboxes> {

    /** A mailbox; the local part counts with its case (RFC 5280 §7.5). */
    record Mailbox(String localPart, DomainName domain) {

        private static Mailbox parse(String text) {
            int at = text.lastIndexOf('@');
            String localPart = text.substring(0, Math.max(at, 0));
            boolean quoted = localPart.startsWith("\"");
            if (localPart.isEmpty() || !quoted && localPart.indexOf('@') >= 0) {
                throw new IllegalArgumentException("no mailbox");
            }
            return new Mailbox(localPart, DomainSubtree.domainName(text.substring(at + 1)));
        }
    }

    /** What a constraint holds. */
    @FunctionalInterface
    interface Mailboxes {
        boolean hold(Mailbox mailbox);
    }

    @Override
    public Mailbox name(ASN1Encodable value) {
        return Mailbox.parse(((ASN1String) value).getString());
    }

    @Override
    public Mailboxes subtree(ASN1Encodable base) {
        String text = ((ASN1String) base).getString();
        if (text.indexOf('@') >= 0) {
            return Mailbox.parse(text)::equals;
        }
        DomainSubtree domain = DomainSubtree.parse(text);
        return mailbox -> domain.holdsHost(mailbox.domain());
    }

    @Override
    public boolean within(Mailbox name, Mailboxes subtree) {
        return subtree.hold(name);
    }
}
