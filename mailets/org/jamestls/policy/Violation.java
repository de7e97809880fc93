package org.jamestls.policy;

/**
 * Why a connection does not satisfy a policy: each reason with its source, its SMTP enhanced status code (RFC 3463
 * §3.8: X.7.0 security, no other code says it, X.7.4 security features not supported, X.7.5 cryptographic failure) and
 * its result type in TLS reports (RFC 8460 §4.3).
 */
public enum Violation {
    STARTTLS_NOT_OFFERED("STARTTLS is not offered", "RFC 3207 §4", "7.4", "starttls-not-supported"),
    STARTTLS_REFUSED("STARTTLS is refused", "RFC 3207 §4", "7.4", "starttls-not-supported"),
    HANDSHAKE_FAILED("the TLS handshake failed", "RFC 8446 §6.2", "7.5", "validation-failure"),
    CERTIFICATE_EXPIRED("the certificate has expired", "RFC 5280 §4.1.2.5", "7.5", "certificate-expired"),
    CERTIFICATE_NOT_YET_VALID("the certificate is not yet valid", "RFC 5280 §4.1.2.5", "7.5", "validation-failure"),
    CERTIFICATE_NOT_TRUSTED(
            "the certificate does not chain to a trusted root", "RFC 5280 §6.1", "7.5", "certificate-not-trusted"),
    CERTIFICATE_NAME_MISMATCH(
            "the certificate bears neither the mail host's name nor a trusted common name",
            "RFC 9525 §6",
            "7.5",
            "certificate-host-mismatch"),
    /** No certificate is asked for, so no more exact result type fits: RFC 8460 §4.4 gives the name as failure reason. */
    MAIL_HOST_NOT_ALLOWED(
            "the policy does not allow connections to this mail host",
            "RFC 8461 §4.1",
            "7.0",
            "validation-failure",
            "mail-host-not-allowed");

    private final String description;
    private final String source;
    private final String detail;
    private final String resultType;
    private final String label;

    Violation(String description, String source, String detail, String resultType) {
        this(description, source, detail, resultType, resultType);
    }

    Violation(String description, String source, String detail, String resultType, String label) {
        this.description = description;
        this.source = source;
        this.detail = detail;
        this.resultType = resultType;
        this.label = label;
    }

    /** The reason in words. */
    public String description() {
        return description;
    }

    /** The RFC section that the reason rests on. */
    public String source() {
        return source;
    }

    /** The result type of TLS reports (RFC 8460 §4.3). */
    public String resultType() {
        return resultType;
    }

    /** The name for logs, attributes and programs: the result type, or a name of ours where that says too little. */
    public String label() {
        return label;
    }

    /** The enhanced status code while the mail is retried. */
    public String temporaryCode() {
        return "4." + detail;
    }

    /** The enhanced status code of the bounce. */
    public String permanentCode() {
        return "5." + detail;
    }
}
