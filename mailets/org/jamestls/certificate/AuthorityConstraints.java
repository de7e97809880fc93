package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;

/**
 * The name constraints of one authority (RFC 5280 §4.2.1.10).
 *
 * @param byTag for each form of name, by its {@link GeneralName} tag, what is said of it; a form that is absent is free
 */
record AuthorityConstraints(Map<Integer, FormConstraints<?, ?>> byTag) {

    AuthorityConstraints {
        byTag = Map.copyOf(byTag);
    }

    /** Whether the certificate has name constraints, readable or not. */
    static boolean on(X509Certificate certificate) {
        return CertificateExtensions.has(certificate, Extension.nameConstraints);
    }

    /**
     * Reads a certificate's constraints; empty where it has none.
     *
     * @throws RuntimeException when they are there and cannot be read
     */
    static Optional<AuthorityConstraints> of(X509Certificate certificate) {
        return CertificateExtensions.value(certificate, Extension.nameConstraints)
                .map(value -> read(NameConstraints.getInstance(value)));
    }

    private static AuthorityConstraints read(NameConstraints constraints) {
        Map<Integer, List<GeneralSubtree>> permitted = byTag(constraints.getPermittedSubtrees());
        Map<Integer, List<GeneralSubtree>> excluded = byTag(constraints.getExcludedSubtrees());
        if (permitted.isEmpty() && excluded.isEmpty()) {
            throw new IllegalArgumentException("name constraints that constrain nothing");
        }
        Map<Integer, FormConstraints<?, ?>> byTag = new HashMap<>();
        Stream.concat(permitted.keySet().stream(), excluded.keySet().stream())
                .distinct()
                .forEach(tag -> byTag.put(
                        tag,
                        FormConstraints.read(
                                NameForm.of(tag),
                                permitted.getOrDefault(tag, List.of()).stream(),
                                excluded.getOrDefault(tag, List.of()).stream())));
        return new AuthorityConstraints(byTag);
    }

    private static Map<Integer, List<GeneralSubtree>> byTag(GeneralSubtree[] subtrees) {
        if (subtrees == null) {
            return Map.of();
        }
        // RFC 5280 §4.2.1.10: GeneralSubtrees ::= SEQUENCE SIZE (1..MAX)
        if (subtrees.length == 0) {
            throw new IllegalArgumentException("an empty list of subtrees");
        }
        return Stream.of(subtrees)
                .map(AuthorityConstraints::withoutDepth)
                .collect(Collectors.groupingBy(subtree -> subtree.getBase().getTagNo()));
    }

    /** RFC 5280 §4.2.1.10: the minimum is zero and the maximum absent. */
    private static GeneralSubtree withoutDepth(GeneralSubtree subtree) {
        if (subtree.getMinimum().signum() != 0 || subtree.getMaximum() != null) {
            throw new IllegalArgumentException("a subtree with a minimum or a maximum");
        }
        return subtree;
    }

    boolean onHostNames() {
        return byTag.containsKey(GeneralName.dNSName);
    }

    /** Whether the authority, and what is below it, may issue for a name. */
    boolean permit(int tag, ASN1Encodable name, CheckLimit limit) {
        FormConstraints<?, ?> constraints = byTag.get(tag);
        return constraints == null || constraints.permit(name, limit);
    }
}
