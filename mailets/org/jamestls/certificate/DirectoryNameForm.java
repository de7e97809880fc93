package org.jamestls.certificate;

import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * Distinguished names, {@code directoryName}, as their relative names from the root of the directory on, each in a form in
 * which equal ones are equal texts (RFC 5280 §7.1: without regard to case and to how much space there is).
 */
record DirectoryNameForm() implements NameForm<List<String>, List<String>> {

    @Override
    public List<String> name(ASN1Encodable value) {
        return Stream.of(X500Name.getInstance(value).getRDNs())
                .map(DirectoryNameForm::canonical)
                .toList();
    }

    @Override
    public List<String> subtree(ASN1Encodable base) {
        return name(base);
    }

    /** RFC 5280 §7.1: the base is the beginning of the name, and never stands in its midst. */
    @Override
    public boolean within(List<String> name, List<String> subtree) {
        return name.size() >= subtree.size() && name.subList(0, subtree.size()).equals(subtree);
    }

    private static String canonical(RDN relativeName) {
        return String.join(
                "+",
                Stream.of(relativeName.getTypesAndValues())
                        .map(attribute ->
                                attribute.getType().getId() + "=" + IETFUtils.canonicalString(attribute.getValue()))
                        .sorted()
                        .toList());
    }
}
