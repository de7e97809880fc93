package org.jamestls.certificate;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.Extension;
import org.jamestls.policy.PolicyViolation;

/**
 * The certificate policies of the way make a tree of which the platform's path validation can be asked. That tree (RFC 5280
 * §6.1.2 (a)) grows by as many times at each authority as it maps one policy to several, which a few kilobytes drive into the
 * billions.
 *
 * <p>Deviation: RFC 5280 sets no bound. One policy mapped to one other, as is usual, makes the tree no wider at all.
 */
record PolicyMappingsRule() implements PathRule {

    private static final long WIDEST_TREE = 1 << 10;

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        long widest = 1;
        long branches = 1;
        for (X509Certificate certificate : path.certificates()) {
            widest = Math.max(widest, policies(certificate));
            branches = Math.min(WIDEST_TREE + 1, branches * mostMappingsOfOnePolicy(certificate));
        }
        return branches == 1 || widest * branches <= WIDEST_TREE
                ? Optional.empty()
                : PathRule.notTrusted(
                        "policy mappings that make no more than " + WIDEST_TREE + " policies of a few",
                        "too many policy mappings: " + PresentedCertificate.describe(path.endEntity()));
    }

    private static int policies(X509Certificate certificate) {
        return CertificateExtensions.value(certificate, Extension.certificatePolicies)
                .map(value -> ASN1Sequence.getInstance(value).size())
                .orElse(0);
    }

    private static int mostMappingsOfOnePolicy(X509Certificate certificate) {
        Map<ASN1Encodable, Integer> mappings = new HashMap<>();
        CertificateExtensions.value(certificate, Extension.policyMappings)
                .ifPresent(value -> ASN1Sequence.getInstance(value)
                        .forEach(mapping ->
                                mappings.merge(ASN1Sequence.getInstance(mapping).getObjectAt(0), 1, Integer::sum)));
        return mappings.values().stream().max(Integer::compare).orElse(1);
    }
}
