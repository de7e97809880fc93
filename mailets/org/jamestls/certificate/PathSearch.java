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
    private final List<CertificationPath> complete = new ArrayList<>();
    private final List<CertificationPath> broken = new ArrayList<>();
    private int signatures;

    private PathSearch(List<X509Certificate> presented, TrustedRoots roots) {
        this.presented = presented;
        this.roots = roots;
    }

    /** The ways to trusted roots; where there are none, the ways that end before one. Never empty. */
    static List<CertificationPath> paths(List<X509Certificate> presented, TrustedRoots roots) {
        PathSearch search = new PathSearch(presented, roots);
        search.extend(List.of(presented.get(0)));
        return search.complete.isEmpty() ? search.broken : search.complete;
    }

    private void extend(List<X509Certificate> path) {
        X509Certificate last = path.get(path.size() - 1);
        boolean ended = true;
        for (X509Certificate root : roots.withSubject(last.getIssuerX500Principal())) {
            if (signed(root, last)) {
                complete.add(new CertificationPath(path, Optional.of(root)));
                ended = false;
            }
        }
        for (X509Certificate issuer : presented) {
            if (!path.contains(issuer) && !roots.contains(issuer) && signed(issuer, last)) {
                List<X509Certificate> longer = new ArrayList<>(path);
                longer.add(issuer);
                extend(longer);
                ended = false;
            }
        }
        if (ended) {
            broken.add(new CertificationPath(path, Optional.empty()));
        }
    }

    private boolean signed(X509Certificate issuer, X509Certificate subject) {
        if (!issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal())
                || ++signatures > MOST_SIGNATURES) {
            return false;
        }
        try {
            subject.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
