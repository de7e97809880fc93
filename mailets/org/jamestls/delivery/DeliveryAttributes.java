package org.jamestls.delivery;

import java.util.List;
import java.util.Optional;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyViolation;

/**
 * What is written on a mail for {@code onSuccess} and {@code bounceProcessor}: the attributes that operators know from
 * RemoteDelivery, by their names and types, and what this mailet knows beside them.
 */
public final class DeliveryAttributes {

    /** How often the mail was tried again: Integer. */
    public static final AttributeName RETRIES = AttributeName.of("delivery_retry_count");

    /** The reason in one line: String. */
    public static final AttributeName ERROR = AttributeName.of("delivery-error");

    /** The SMTP reply code, where a mail host gave one: Integer. */
    public static final AttributeName ERROR_CODE = AttributeName.of("delivery-error-code");

    /** Whether another attempt is pointless: Boolean. */
    public static final AttributeName PERMANENT_ERROR = AttributeName.of("is-delivery-permanent-error");

    private static final String OURS = "tls-enforcement.";

    /** The recipients' domain. */
    public static final AttributeName DOMAIN = AttributeName.of(OURS + "domain");

    /**
     * Which entry of the policy file decided: {@code own}, {@code inherited from ...} or {@code other domains}; and what
     * strengthened it.
     */
    public static final AttributeName POLICY = AttributeName.of(OURS + "policy");

    /** {@code enforce} or {@code report}; absent without a policy. */
    public static final AttributeName MODE = AttributeName.of(OURS + "mode");

    /** {@code strong} or {@code relaxed}; absent where no policy says so and nothing else asks for verification. */
    public static final AttributeName VALIDATION = AttributeName.of(OURS + "validation");

    /** The mail host tried last, by name or address. */
    public static final AttributeName MAIL_HOST = AttributeName.of(OURS + "mailHost");

    /** Its address. */
    public static final AttributeName ADDRESS = AttributeName.of(OURS + "address");

    /** {@code satisfied}, {@code not-enforced}, {@code reported}, {@code violation} or {@code failed}. */
    public static final AttributeName VERDICT = AttributeName.of(OURS + "verdict");

    public static final AttributeName PROTOCOL = AttributeName.of(OURS + "protocol");
    public static final AttributeName CIPHER_SUITE = AttributeName.of(OURS + "cipherSuite");
    public static final AttributeName KEY_EXCHANGE = AttributeName.of(OURS + "keyExchange");

    /** The violation by its name, also one that is only reported. */
    public static final AttributeName VIOLATION = AttributeName.of(OURS + "violation");

    /** The enhanced status code of the failure. */
    public static final AttributeName STATUS = AttributeName.of(OURS + "status");

    public static final AttributeName EXPECTED = AttributeName.of(OURS + "expected");
    public static final AttributeName PRESENTED = AttributeName.of(OURS + "presented");

    /** The mail host that may have taken the mail in the last attempt although it did not say so. */
    static final AttributeName DOUBTFUL_HOST = AttributeName.of(OURS + "doubtfulHost");

    private static final List<AttributeName> OF_ONE_ATTEMPT = List.of(
            DOUBTFUL_HOST,
            Deferral.TIMES,
            Deferral.UNTIL,
            DOMAIN,
            POLICY,
            MODE,
            VALIDATION,
            MAIL_HOST,
            ADDRESS,
            VERDICT,
            PROTOCOL,
            CIPHER_SUITE,
            KEY_EXCHANGE,
            VIOLATION,
            STATUS,
            EXPECTED,
            PRESENTED);

    private DeliveryAttributes() {}

    /**
     * How often the mail was tried again. A mail that waits for a retry is in the state {@code error}; one in another
     * state comes anew, perhaps reprocessed from an error repository, and what it was tried before does not count.
     */
    static int retries(Mail mail) {
        return Mail.ERROR.equals(mail.getState())
                ? AttributeUtils.getValueAndCastFromMail(mail, RETRIES, Integer.class)
                        .orElse(0)
                : 0;
    }

    static void setRetries(Mail mail, int retries) {
        mail.setAttribute(new Attribute(RETRIES, AttributeValue.of(retries)));
    }

    /** Whether the last mail host of the attempt before violated the policy. */
    static boolean hasMetAViolation(Mail mail) {
        return retries(mail) > 0
                && AttributeUtils.getValueAndCastFromMail(mail, VERDICT, String.class)
                        .filter(Verdict.VIOLATION::equals)
                        .isPresent();
    }

    static void setFailure(Mail mail, DeliveryFailure failure) {
        mail.setAttribute(new Attribute(PERMANENT_ERROR, AttributeValue.of(failure.permanent())));
        mail.setAttribute(new Attribute(ERROR, AttributeValue.of(failure.reason())));
        mail.removeAttribute(ERROR_CODE);
        failure.replyCode().ifPresent(code -> mail.setAttribute(new Attribute(ERROR_CODE, AttributeValue.of(code))));
        set(mail, STATUS, failure.enhancedCode());
    }

    /** Takes back what an earlier attempt at the recipients, or one at others of them, wrote about its failure. */
    static void removeFailure(Mail mail) {
        List.of(ERROR, ERROR_CODE, STATUS).forEach(mail::removeAttribute);
    }

    /** Writes the facts of one attempt, and nothing of an earlier one. */
    static void setAttempt(Mail mail, AttemptResult result) {
        OF_ONE_ATTEMPT.forEach(mail::removeAttribute);
        set(mail, DOMAIN, result.domain().text());
        result.decision().ifPresent(decision -> setDecision(mail, decision));
        result.doubtful().ifPresent(host -> set(mail, DOUBTFUL_HOST, host.text()));
        if (!result.hosts().isEmpty()) {
            setHost(mail, result.hosts().get(result.hosts().size() - 1));
        }
    }

    /** The name or address of the mail host that left the last attempt in doubt. */
    static Optional<String> doubtfulHost(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, DOUBTFUL_HOST, String.class);
    }

    private static void setDecision(Mail mail, PolicyDecision decision) {
        set(mail, POLICY, decision.origin());
        decision.policy().ifPresent(policy -> set(mail, MODE, policy.mode().value()));
        decision.certificateValidation().ifPresent(validation -> set(mail, VALIDATION, validation.toString()));
    }

    private static void setHost(Mail mail, HostAttempt host) {
        set(mail, MAIL_HOST, host.mailHost().host().text());
        host.address().ifPresent(address -> set(mail, ADDRESS, address.text()));
        set(mail, VERDICT, host.verdict().label());
        host.negotiated().ifPresent(tls -> setNegotiated(mail, tls));
        host.violation().or(host::reported).ifPresent(violation -> setViolation(mail, violation));
    }

    private static void setNegotiated(Mail mail, NegotiatedTls tls) {
        set(mail, PROTOCOL, tls.protocol());
        set(mail, CIPHER_SUITE, tls.cipherSuite());
        set(mail, KEY_EXCHANGE, tls.keyExchange());
    }

    private static void setViolation(Mail mail, PolicyViolation violation) {
        set(mail, VIOLATION, violation.violation().label());
        set(mail, EXPECTED, violation.expected());
        set(mail, PRESENTED, violation.presented());
    }

    private static void set(Mail mail, AttributeName name, String value) {
        mail.setAttribute(new Attribute(name, AttributeValue.of(value)));
    }
}
