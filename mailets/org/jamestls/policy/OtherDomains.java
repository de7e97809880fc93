package org.jamestls.policy;

/** What {@code <otherDomains>} says about domains without a policy. */
public enum OtherDomains {
    OPPORTUNISTIC("opportunistic", TlsRequirement.OPPORTUNISTIC),
    REQUIRED("required", TlsRequirement.ENCRYPTED),
    NONE("none", TlsRequirement.CLEARTEXT);

    private final String value;
    private final TlsRequirement requirement;

    OtherDomains(String value, TlsRequirement requirement) {
        this.value = value;
        this.requirement = requirement;
    }

    /** The value as the policy file writes it. */
    public String value() {
        return value;
    }

    public TlsRequirement requirement() {
        return requirement;
    }
}
