package org.jamestls.policy;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a policy asks of the mail host's certificate: {@code <certificateValidation>}. */
public sealed interface CertificateValidation {

    /** Dates, full chain to a trusted root, fitness for TLS servers, and the mail host's or a trusted name. */
    Strong STRONG = new Strong(Set.of());

    /** Encryption alone: whoever answers at the mail host's address is believed. */
    Relaxed RELAXED = new Relaxed();

    /** The TLS that a connection under this validation has to reach. */
    TlsRequirement requirement();

    /** Names accepted instead of the mail host's, in the order configured. */
    Set<TrustedCommonName> trustedCommonNames();

    /** This where it is strong, with its trusted common names, and else strong validation without any. */
    default Strong strong() {
        return STRONG;
    }

    /**
     * The certificate proves the mail host's identity.
     *
     * @param trustedCommonNames names accepted instead of the mail host's, in the order configured
     */
    record Strong(Set<TrustedCommonName> trustedCommonNames) implements CertificateValidation {
        public Strong {
            trustedCommonNames = Collections.unmodifiableSet(new LinkedHashSet<>(trustedCommonNames));
        }

        @Override
        public TlsRequirement requirement() {
            return new TlsRequirement.Verified(trustedCommonNames);
        }

        @Override
        public Strong strong() {
            return this;
        }

        @Override
        public String toString() {
            return "strong";
        }
    }

    /** The certificate is not checked. */
    record Relaxed() implements CertificateValidation {
        @Override
        public TlsRequirement requirement() {
            return TlsRequirement.ENCRYPTED;
        }

        /** None: the certificate is not looked at. */
        @Override
        public Set<TrustedCommonName> trustedCommonNames() {
            return Set.of();
        }

        @Override
        public String toString() {
            return "relaxed";
        }
    }
}
