package org.jamestls.certificate;

import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x509.GeneralSubtree;

/**
 * What one authority's constraints say of one form of name.
 *
 * @param form the form
 * @param permitted where names have to lie, in any one of these; where there are none, names may lie anywhere
 * @param excluded where no name may lie, permitted or not
 * @param <N> a name of the form
 * @param <S> a subtree of the form
 */
record FormConstraints<N, S>(NameForm<N, S> form, List<S> permitted, List<S> excluded) {

    static <N, S> FormConstraints<N, S> read(
            NameForm<N, S> form, Stream<GeneralSubtree> permitted, Stream<GeneralSubtree> excluded) {
        return new FormConstraints<>(form, subtrees(form, permitted), subtrees(form, excluded));
    }

    private static <N, S> List<S> subtrees(NameForm<N, S> form, Stream<GeneralSubtree> subtrees) {
        return subtrees.map(subtree -> form.subtree(subtree.getBase().getName()))
                .toList();
    }

    /** Whether a name is within; one that cannot be read is not. */
    boolean permit(ASN1Encodable value, CheckLimit limit) {
        limit.compare();
        N name;
        try {
            name = form.name(value);
        } catch (RuntimeException e) {
            return false;
        }
        return (permitted.isEmpty() || lies(name, permitted, limit)) && !lies(name, excluded, limit);
    }

    private boolean lies(N name, List<S> subtrees, CheckLimit limit) {
        for (S subtree : subtrees) {
            limit.compare();
            if (form.within(name, subtree)) {
                return true;
            }
        }
        return false;
    }
}
