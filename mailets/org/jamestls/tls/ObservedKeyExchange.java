package org.jamestls.tls;

import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.NamedGroup;

/** The groups that yielded the secrets of the handshake which runs on the current thread, until it is closed. */
final class ObservedKeyExchange implements AutoCloseable {

    /** What stands for a group that was not observed: a wish is never reported as a fact. */
    static final String UNKNOWN = "unknown";

    private static final ThreadLocal<ObservedKeyExchange> OF_THIS_THREAD = new ThreadLocal<>();

    /** The halves in the order of draft-ietf-tls-ecdhe-mlkem §4.1: ML-KEM first. */
    private static final List<String> HYBRID_HALVES = List.of(
            NamedGroup.getName(NamedGroup.getHybridFirst(NamedGroup.X25519MLKEM768)),
            NamedGroup.getName(NamedGroup.getHybridSecond(NamedGroup.X25519MLKEM768)));

    private final List<String> groups = new ArrayList<>();

    private ObservedKeyExchange() {}

    static ObservedKeyExchange begin() {
        ObservedKeyExchange observed = new ObservedKeyExchange();
        OF_THIS_THREAD.set(observed);
        return observed;
    }

    static void secretFrom(String group) {
        ObservedKeyExchange observed = OF_THIS_THREAD.get();
        if (observed != null) {
            observed.groups.add(group);
        }
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
