package org.jamestls.tls;

import java.util.List;
import java.util.stream.Stream;

/** Which key-exchange groups are offered, in the order of preference. */
public enum KeyExchange {
    /** The post-quantum hybrid X25519MLKEM768 first, classical groups beside it for servers that do not know it. */
    HYBRID(List.of("X25519MLKEM768"), List.of("X25519MLKEM768", "x25519")),

    /** Classical groups alone, for networks that drop the large ClientHello of the hybrid. */
    CLASSICAL(List.of(), List.of("x25519"));

    /**
     * The elliptic curves also say which ECDSA certificates the server may use (RFC 8422 §5.1.1); the finite-field groups
     * are for TLS 1.3 (RFC 8446 §4.2.7), since no {@code DHE} suite of TLS 1.2 is offered.
     */
    private static final List<String> CLASSICAL_GROUPS =
            List.of("x25519", "secp256r1", "secp384r1", "secp521r1", "x448", "ffdhe2048", "ffdhe3072", "ffdhe4096");

    private final List<String> preferred;
    private final List<String> earlyKeyShares;

    KeyExchange(List<String> preferred, List<String> earlyKeyShares) {
        this.preferred = preferred;
        this.earlyKeyShares = earlyKeyShares;
    }

    /** The groups by their IANA names. */
    public List<String> groups() {
        return Stream.concat(preferred.stream(), CLASSICAL_GROUPS.stream()).toList();
    }

    /** The groups whose key shares the first ClientHello holds (RFC 8446 §4.2.8), which saves a round trip. */
    public List<String> earlyKeyShares() {
        return earlyKeyShares;
    }
}
