package org.jamestls.policy;

/** What becomes of mail whose connections do not satisfy its policy: {@code <mode>}. */
public enum EnforcementMode {
    /** It is not sent over them. */
    ENFORCE("enforce"),
    /** It is sent all the same, and each violation is told: the rehearsal of {@link #ENFORCE}. */
    REPORT("report");

    private final String value;

    EnforcementMode(String value) {
        this.value = value;
    }

    /** The value as the policy file writes it. */
    public String value() {
        return value;
    }
}
