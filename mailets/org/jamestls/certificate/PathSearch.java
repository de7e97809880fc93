package org.jamestls.certificate;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the ways from a certificate to trusted roots among what the peer presented, in whatever order it was sent (RFC 8446
 * §4.4.2). Nothing is fetched: an intermediate that was not presented is missing.
 */
final class PathSearch {

    /** Ends the search among certificates that were made to have very many ways. */
    private static final int MOST_SIGNATURES = 100;

    private final List<X509Certificate> presented;
    private final TrustedRoots roots;
    private final CheckLimit limit;
    private final List<CertificationPath> complete = new ArrayList<>();
    private final List<CertificationPath> broken = new ArrayList<>();
    private int signatures;

    private PathSearch(List<X509Certificate> presented, TrustedRoots roots, CheckLimit limit) {
        this.presented = presented;
        this.roots = roots;
        this.limit = limit;
    }

    /** The ways to trusted roots; where there are none, the ways that end before one. Never empty. */
    static List<CertificationPath> paths(List<X509Certificate> presented, TrustedRoots roots, CheckLimit limit) {
        PathSearch search = new PathSearch(presented, roots, limit);
        search.extend(List.of(presented.get(0)));
        return search.complete.isEmpty() ? search.broken : search.complete;
    }

    private void extend(List<X509Certificate> path) {
        X509Certificate last = path.get(path.size() - 1);
        boolean ended = true;
        for (X509Certificate root : roots.withSubject(last.getIssuerX500Principal())) {
            if (signed(root, last)) {
                complete.add(new CertificationPath(path, Optional.of(root), limit));
                ended = false;
            }
        }
        for (X509Certificate issuer : presented) {
            if (!onWay(issuer, path) && !roots.contains(issuer) && signed(issuer, last)) {
                List<X509Certificate> longer = new ArrayList<>(path);
                longer.add(issuer);
                extend(longer);
                ended = false;
            }
        }
        if (ended) {
            broken.add(new CertificationPath(path, Optional.empty(), limit));
        }
    }

    /** RFC 4158 §5.2: no way leads twice through one name with one key, so that authorities that certify each other end it. */
    private static boolean onWay(X509Certificate issuer, List<X509Certificate> path) {
        return path.stream()
                .anyMatch(passed -> passed.getSubjectX500Principal().equals(issuer.getSubjectX500Principal())
                        && passed.getPublicKey().equals(issuer.getPublicKey()));
    }

    private boolean signed(X509Certificate issuer, X509Certificate subject) {
        if (!issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal())
                || ++signatures > MOST_SIGNATURES) {
            return false;
        }
        limit.inTime();
        try {
            subject.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException e) { // a provider may choke on what a peer made up
            return false;
        }
    }
}
