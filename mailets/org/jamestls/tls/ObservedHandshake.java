package org.jamestls.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.tls.NamedGroup;

/**
 * What the cryptography sees of the handshake that runs on the current thread, until it is closed: the groups that yielded its
 * secrets, and the certificates as they come, before the library has an opinion of their keys.
 */
final class ObservedHandshake implements AutoCloseable {

    /** What stands for a group that was not observed: a wish is never reported as a fact. */
    static final String UNKNOWN = "unknown";

    private static final ThreadLocal<ObservedHandshake> OF_THIS_THREAD = new ThreadLocal<>();

    /** The halves in the order of draft-ietf-tls-ecdhe-mlkem §4.1: ML-KEM first. */
    private static final List<String> HYBRID_HALVES = List.of(
            NamedGroup.getName(NamedGroup.getHybridFirst(NamedGroup.X25519MLKEM768)),
            NamedGroup.getName(NamedGroup.getHybridSecond(NamedGroup.X25519MLKEM768)));

    private final List<String> groups = new ArrayList<>();
    private final List<X509Certificate> presented = new ArrayList<>();

    private ObservedHandshake() {}

    static ObservedHandshake begin() {
        ObservedHandshake observed = new ObservedHandshake();
        OF_THIS_THREAD.set(observed);
        return observed;
    }

    static void secretFrom(String group) {
        ofThisThread().ifPresent(observed -> observed.groups.add(group));
    }

    static void comes(X509Certificate certificate) {
        ofThisThread().ifPresent(observed -> observed.presented.add(certificate));
    }

    private static Optional<ObservedHandshake> ofThisThread() {
        return Optional.ofNullable(OF_THIS_THREAD.get());
    }

    /** The certificates that have come, the mail host's own first. */
    List<X509Certificate> presented() {
        return List.copyOf(presented);
    }

    /** The negotiated group by its IANA name. */
    String group() {
        if (groups.equals(HYBRID_HALVES)) {
            return NamedGroup.getName(NamedGroup.X25519MLKEM768);
        }
        return groups.size() == 1 ? groups.get(0) : UNKNOWN;
    }

    @Override
    public void close() {
        OF_THIS_THREAD.remove();
    }
}
