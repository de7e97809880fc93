package org.jamestls.policy;

/** The kinds of {@link TlsRequirement}, from the weakest to the strongest. */
public enum TlsStrength {
    CLEARTEXT,
    OPPORTUNISTIC,
    ENCRYPTED,
    VERIFIED
}
