package org.jamestls.certificate;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamestls.policy.Host;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TrustedCommonName;

/**
 * Strong validation: dates, then chain, then name.
 *
 * @param roots where chains have to end
 * @param trustedCommonNames names accepted instead of the mail host's
 * @param clock tells the time by which certificates are judged
 */
public record StrongValidation(TrustedRoots roots, Set<TrustedCommonName> trustedCommonNames, Clock clock)
        implements CertificateCheck {

    public StrongValidation {
        trustedCommonNames = Set.copyOf(trustedCommonNames);
    }

    /** The rules in the order in which they are applied; the first that is violated is reported. */
    private List<PathRule> rulesFor(Host host) {
        return List.of(
                new ValidityRule(clock), // RFC 5280 §4.1.2.5
                new TrustedRootRule(roots), // RFC 5280 §6.1.1 (d)
                new RootAuthorityRule(), // RFC 5280 §4.2.1.9
                new AlgorithmRule(), // RFC 9325 §4.5
                new ServerPurposeRule(), // RFC 5280 §4.2.1.12
                new NameConstraintsRule(), // RFC 5280 §4.2.1.10
                new PlatformPathRule(clock), // RFC 5280 §6.1
                new NameRule(host, trustedCommonNames)); // RFC 9525 §6
    }

    /**
     * {@inheritDoc}
     *
     * <p>Where several ways lead upwards, one that keeps every rule is enough; when none does, the one that gets furthest
     * tells why.
     */
    @Override
    public Optional<PolicyViolation> check(List<X509Certificate> presented, Host host) {
        List<X509Certificate> chain;
        try {
            chain = readByPlatform(presented);
        } catch (CertificateException e) {
            return PathRule.notTrusted("certificates as in RFC 5280", "an unreadable certificate: " + e.getMessage());
        }
        List<PathRule> rules = rulesFor(host);
        Optional<PolicyViolation> furthest = Optional.empty();
        int keptByFurthest = -1;
        for (CertificationPath path : PathSearch.paths(chain, roots)) {
            int kept = 0;
            Optional<PolicyViolation> violation = Optional.empty();
            while (kept < rules.size() && (violation = rules.get(kept).check(path)).isEmpty()) {
                kept++;
            }
            if (violation.isEmpty()) {
                return Optional.empty();
            }
            if (kept > keptByFurthest) {
                furthest = violation;
                keptByFurthest = kept;
            }
        }
        return furthest;
    }

    /** The rules see certificates as the platform reads them, whichever library received them. */
    private static List<X509Certificate> readByPlatform(List<X509Certificate> presented) throws CertificateException {
        if (presented.isEmpty()) {
            throw new CertificateException("none was presented");
        }
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> read = new ArrayList<>();
        for (X509Certificate certificate : presented) {
            read.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificate.getEncoded())));
        }
        return read;
    }
}
