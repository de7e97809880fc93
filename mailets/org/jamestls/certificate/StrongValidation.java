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
                new ReadableExtensionsRule(), // RFC 5280 §4.2
                new AlgorithmRule(), // RFC 9325 §4.5
                new ServerPurposeRule(), // RFC 5280 §4.2.1.12
                new NameConstraintsRule(), // RFC 5280 §4.2.1.10
                new PolicyMappingsRule(), // RFC 5280 §6.1.2 (a)
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
        return check(presented, host, new CheckLimit());
    }

    Optional<PolicyViolation> check(List<X509Certificate> presented, Host host, CheckLimit limit) {
        try {
            return checkWays(PathSearch.paths(readByPlatform(presented), roots, limit), rulesFor(host), limit);
        } catch (CheckLimitException e) {
            return PathRule.notTrusted("certificates that are checked within bounds", e.getMessage());
        } catch (CertificateException e) {
            return PathRule.notTrusted("certificates as in RFC 5280", "an unreadable certificate: " + e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            return cannotBeChecked(e);
        }
    }

    private static Optional<PolicyViolation> checkWays(
            List<CertificationPath> paths, List<PathRule> rules, CheckLimit limit) {
        Optional<PolicyViolation> furthest = Optional.empty();
        int keptByFurthest = -1;
        for (CertificationPath path : paths) {
            int kept = 0;
            Optional<PolicyViolation> violation = Optional.empty();
            while (kept < rules.size() && (violation = check(rules.get(kept), path, limit)).isEmpty()) {
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

    /** What a rule cannot cope with does not keep it, and leaves the other ways as they are. */
    private static Optional<PolicyViolation> check(PathRule rule, CertificationPath path, CheckLimit limit) {
        limit.inTime();
        try {
            return rule.check(path);
        } catch (CheckLimitException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            return cannotBeChecked(e);
        }
    }

    private static Optional<PolicyViolation> cannotBeChecked(Throwable cause) {
        return PathRule.notTrusted("certificates as in RFC 5280", "certificates that cannot be checked: " + cause);
    }

    /**
     * The rules see certificates as the platform reads them, whichever library received them. RFC 8446 §4.4.2: others than
     * the first may be superfluous, so that one which cannot be read is only missing.
     */
    private static List<X509Certificate> readByPlatform(List<X509Certificate> presented) throws CertificateException {
        if (presented.isEmpty()) {
            throw new CertificateException("none was presented");
        }
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> read = new ArrayList<>();
        read.add(read(factory, presented.get(0)));
        for (X509Certificate issuer : presented.subList(1, presented.size())) {
            try {
                read.add(read(factory, issuer));
            } catch (CertificateException | RuntimeException e) {
                // a way that needs it ends before a root, and says so
            }
        }
        return read;
    }

    private static X509Certificate read(CertificateFactory factory, X509Certificate certificate)
            throws CertificateException {
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificate.getEncoded()));
    }
}
