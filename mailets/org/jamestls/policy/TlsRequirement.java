package org.jamestls.policy;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a connection has to reach before anything of a mail is sent over it. Two connections may share TLS contexts,
 * sessions or the connection itself only when their requirements are equal.
 */
public sealed interface TlsRequirement {

    Encrypted ENCRYPTED = new Encrypted();
    Opportunistic OPPORTUNISTIC = new Opportunistic();
    Cleartext CLEARTEXT = new Cleartext();

    /** Whether mail may leave only over TLS. */
    boolean tlsRequired();

    /** Whether STARTTLS is used where the mail host offers it. */
    boolean tlsWanted();

    /** What one fresh connection may be opened under after a handshake failed; empty where that is a violation. */
    default Optional<TlsRequirement> afterFailedHandshake() {
        return Optional.empty();
    }

    /** Whether what is violated is told, and the connection used all the same. */
    default boolean reportOnly() {
        return false;
    }

    /** Whether a connection that satisfies this has a certificate that proves the mail host, or bears a trusted name. */
    default boolean provesHost() {
        return false;
    }

    /** This joined with a demand for a certificate that proves the mail host: what is verified remains as it is. */
    default Verified verified() {
        return new Verified(Set.of());
    }

    /** How much this asks for, to compare it with another requirement. */
    TlsStrength strength();

    /** Names that a certificate may bear instead of the mail host's; none where no certificate is asked for. */
    default Set<TrustedCommonName> trustedCommonNames() {
        return Set.of();
    }

    /** What this asks for beside another: more of TLS, and of equally much, fewer trusted common names are stronger. */
    default Comparison comparedWith(TlsRequirement other) {
        int more = strength().compareTo(other.strength());
        return more != 0
                ? Comparison.of(more > 0, more < 0)
                : Comparison.of(
                        other.trustedCommonNames().containsAll(trustedCommonNames()),
                        trustedCommonNames().containsAll(other.trustedCommonNames()));
    }

    /** Both together: the stronger of the two, and where neither is, no trusted common name but those of both. */
    default TlsRequirement and(TlsRequirement other) {
        return switch (comparedWith(other)) {
            case EQUAL, STRONGER -> this;
            case WEAKER -> other;
            case MIXED ->
                new Verified(trustedCommonNames().stream()
                        .filter(other.trustedCommonNames()::contains)
                        .collect(Collectors.toSet()));
        };
    }

    /**
     * TLS with a certificate that proves the mail host's identity, or that bears a trusted common name.
     *
     * @param trustedCommonNames names accepted instead of the mail host's
     */
    record Verified(Set<TrustedCommonName> trustedCommonNames) implements TlsRequirement {
        public Verified {
            trustedCommonNames = Set.copyOf(trustedCommonNames);
        }

        @Override
        public boolean tlsRequired() {
            return true;
        }

        @Override
        public boolean tlsWanted() {
            return true;
        }

        @Override
        public boolean provesHost() {
            return true;
        }

        @Override
        public Verified verified() {
            return this;
        }

        @Override
        public TlsStrength strength() {
            return TlsStrength.VERIFIED;
        }
    }

    /** TLS; the certificate is not checked. */
    record Encrypted() implements TlsRequirement {
        @Override
        public boolean tlsRequired() {
            return true;
        }

        @Override
        public boolean tlsWanted() {
            return true;
        }

        @Override
        public TlsStrength strength() {
            return TlsStrength.ENCRYPTED;
        }
    }

    /** TLS when offered, without certificate checks; in the clear otherwise (RFC 7435). */
    record Opportunistic() implements TlsRequirement {
        @Override
        public boolean tlsRequired() {
            return false;
        }

        @Override
        public boolean tlsWanted() {
            return true;
        }

        @Override
        public TlsStrength strength() {
            return TlsStrength.OPPORTUNISTIC;
        }

        // RFC 7435 §3: opportunistic TLS that fails falls back to the clear, on a fresh connection
        @Override
        public Optional<TlsRequirement> afterFailedHandshake() {
            return Optional.of(CLEARTEXT);
        }
    }

    /**
     * The connection is judged as another requirement would have it, and used whatever the verdict is: TLS as far as it
     * goes, in the clear if need be.
     *
     * @param wanted what the connection is judged by; TLS is required there
     */
    record Reported(TlsRequirement wanted) implements TlsRequirement {
        public Reported {
            if (!wanted.tlsRequired()) {
                throw new IllegalArgumentException(wanted + " cannot be violated");
            }
        }

        @Override
        public boolean tlsRequired() {
            return false;
        }

        @Override
        public boolean tlsWanted() {
            return true;
        }

        /** Nothing more is asked for than of opportunistic TLS. */
        @Override
        public TlsStrength strength() {
            return OPPORTUNISTIC.strength();
        }

        @Override
        public Optional<TlsRequirement> afterFailedHandshake() {
            return Optional.of(CLEARTEXT);
        }

        @Override
        public boolean reportOnly() {
            return true;
        }

        @Override
        public Verified verified() {
            return wanted.verified();
        }
    }

    /** No TLS, even where it is offered. */
    record Cleartext() implements TlsRequirement {
        @Override
        public boolean tlsRequired() {
            return false;
        }

        @Override
        public boolean tlsWanted() {
            return false;
        }

        @Override
        public TlsStrength strength() {
            return TlsStrength.CLEARTEXT;
        }
    }
}
