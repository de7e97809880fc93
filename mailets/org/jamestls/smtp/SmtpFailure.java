package org.jamestls.smtp;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyViolation;

/**
 * Why a session, a transaction or one recipient failed. No code is derived from a text, except that a reply may begin
 * with its own enhanced code (RFC 2034 §4).
 */
public sealed interface SmtpFailure {

    SmtpStep step();

    /** The reply's enhanced code, or what RFC 3463 provides for the case. */
    EnhancedStatusCode statusCode();

    /** What happened, fit for logs and bounces: what the peer supplied is escaped and cut. */
    String message();

    /** What the mail host replied, where a reply is the reason. */
    default Optional<SmtpReply> reply() {
        return Optional.empty();
    }

    /** Whether trying again is pointless for this mail. What concerns the host alone is never permanent. */
    default boolean permanent() {
        return false;
    }

    /** Whether the mail host serves nobody at the moment, whatever the mail. */
    default boolean hostDown() {
        return step() == SmtpStep.CONNECT || step() == SmtpStep.GREETING;
    }

    /** Whether the mail host said something. */
    default boolean hostAnswered() {
        return reply().isPresent();
    }

    /** Whether the mail host gave no answer within its time. */
    default boolean hostSilent() {
        return false;
    }

    /**
     * Whether the recipient was not the matter: the transaction had too many, so that another one, without those that this
     * one took, may name it at once.
     */
    default boolean leftForAnotherTransaction() {
        return false;
    }

    /** Whether the mail host may have taken the message although no reply says so (RFC 1047 §2). */
    default boolean outcomeUnknown() {
        return false;
    }

    /**
     * No connection came about.
     *
     * @param host where it was to go
     * @param reason the operating system's reason
     */
    record NotConnected(MailHostAddress host, String reason) implements SmtpFailure {
        public NotConnected {
            reason = PeerText.clean(reason);
        }

        @Override
        public SmtpStep step() {
            return SmtpStep.CONNECT;
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return new EnhancedStatusCode(4, 4, 1); // RFC 3463 §3.5: no answer from host
        }

        @Override
        public String message() {
            return "no connection to " + host + ": " + reason;
        }
    }

    /**
     * As many connections are in use as we, or the host, allow.
     *
     * @param host where one was to go
     */
    record NoConnectionFree(MailHostAddress host) implements SmtpFailure {
        @Override
        public SmtpStep step() {
            return SmtpStep.CONNECT;
        }

        @Override
        public boolean hostDown() {
            return false;
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return new EnhancedStatusCode(4, 4, 5); // RFC 3463 §3.5: mail system congestion
        }

        @Override
        public String message() {
            return "no connection to " + host + " became free: as many as are allowed are in use";
        }
    }

    /**
     * The connection broke.
     *
     * @param step while this was under way
     * @param reason what the operating system or the TLS layer says
     * @param outcomeUnknown whether the whole message had been sent
     */
    record ConnectionLost(SmtpStep step, String reason, boolean outcomeUnknown) implements SmtpFailure {
        public ConnectionLost {
            reason = PeerText.clean(reason);
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return new EnhancedStatusCode(4, 4, 2); // RFC 3463 §3.5: bad connection
        }

        @Override
        public String message() {
            return "connection lost at " + step + ": " + reason;
        }
    }

    /**
     * The mail host took too long.
     *
     * @param step what it did not complete
     * @param limit the time that it had
     * @param outcomeUnknown whether the whole message had been sent
     */
    record TimedOut(SmtpStep step, Duration limit, boolean outcomeUnknown) implements SmtpFailure {
        @Override
        public boolean hostSilent() {
            return true;
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return new EnhancedStatusCode(4, 4, 2); // RFC 3463 §3.5: bad connection, due to a time-out
        }

        @Override
        public String message() {
            return "timed out at " + step + " after " + limit.toMillis() + " ms";
        }
    }

    /**
     * The mail host took so long for the recipients before that the mail went without this one, which a further
     * transaction has to name.
     *
     * @param limit the time that the recipients of one transaction have together
     */
    record OutOfTime(Duration limit) implements SmtpFailure {
        @Override
        public SmtpStep step() {
            return SmtpStep.RCPT;
        }

        @Override
        public boolean leftForAnotherTransaction() {
            return true;
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return new EnhancedStatusCode(4, 4, 5); // RFC 3463 §3.5: mail system congestion
        }

        @Override
        public String message() {
            return "the mail host took longer than " + limit.toMillis()
                    + " ms for the recipients of one transaction; this one's turn did not come";
        }
    }

    /**
     * The mail host does not speak SMTP as RFC 5321 has it.
     *
     * @param step what was under way
     * @param expected what should have come
     * @param presented what came instead
     * @param outcomeUnknown whether the whole message had been sent
     */
    record ProtocolBroken(SmtpStep step, String expected, String presented, boolean outcomeUnknown)
            implements SmtpFailure {
        public ProtocolBroken {
            presented = PeerText.clean(presented);
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return new EnhancedStatusCode(4, 5, 0); // RFC 3463 §3.6: other or undefined protocol status
        }

        @Override
        public String message() {
            return "protocol error at " + step + "; expected: " + expected + "; presented: " + presented;
        }
    }

    /**
     * The mail host refused with a reply.
     *
     * @param step what it refused
     * @param refusal its reply, 4yz or 5yz, with as much of its text as is shown
     */
    record Refused(SmtpStep step, SmtpReply refusal) implements SmtpFailure {
        private static final Set<Integer> TOO_MANY_RECIPIENTS = Set.of(452, 552);

        public Refused {
            refusal = refusal.abridged();
        }

        @Override
        public Optional<SmtpReply> reply() {
            return Optional.of(refusal);
        }

        @Override
        public boolean permanent() {
            return refusal.isPermanent() && !step.concernsHost() && !leftForAnotherTransaction();
        }

        // RFC 5321 §4.5.3.1.10: 452 says too many recipients, and 552 in its place is to be taken for it
        @Override
        public boolean leftForAnotherTransaction() {
            return step == SmtpStep.RCPT && TOO_MANY_RECIPIENTS.contains(refusal.code());
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return leftForAnotherTransaction() ? refusal.statusCode().temporary() : refusal.statusCode();
        }

        @Override
        public String message() {
            return step + " refused: " + refusal;
        }
    }

    /**
     * The connection does not satisfy the TLS requirement. Nothing of a mail was sent over it.
     *
     * @param step {@link SmtpStep#STARTTLS} or {@link SmtpStep#HANDSHAKE}
     * @param violation the reason with its evidence
     */
    record TlsViolated(SmtpStep step, PolicyViolation violation) implements SmtpFailure {
        @Override
        public boolean hostAnswered() {
            return true;
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return EnhancedStatusCode.parse(violation.violation().temporaryCode());
        }

        @Override
        public String message() {
            return violation.toString();
        }
    }

    /**
     * What we would have to send, this mail host does not take; it was not asked.
     *
     * @param step where it would have been sent
     * @param statusCode the code that RFC 3463 or the extension provides
     * @param message what the host would have to offer
     */
    record CannotSend(SmtpStep step, EnhancedStatusCode statusCode, String message) implements SmtpFailure {
        @Override
        public boolean permanent() {
            return statusCode.kind() == 5;
        }
    }

    /**
     * Our own copy of the message could not be read. The connection was closed before the message's end, so the host
     * has not taken it.
     *
     * @param reason what the storage says
     */
    record ContentUnreadable(String reason) implements SmtpFailure {
        public ContentUnreadable {
            reason = PeerText.clean(reason);
        }

        @Override
        public SmtpStep step() {
            return SmtpStep.CONTENT;
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return new EnhancedStatusCode(4, 3, 0); // RFC 3463 §3.4: other or undefined mail system status
        }

        @Override
        public String message() {
            return "the message could not be read: " + reason;
        }
    }

    /**
     * Something failed that is neither the mail host's doing nor the mail's. The connection was closed.
     *
     * @param step what was under way
     * @param reason what was thrown
     * @param outcomeUnknown whether the whole message had been sent
     */
    record InternalError(SmtpStep step, String reason, boolean outcomeUnknown) implements SmtpFailure {
        public InternalError {
            reason = PeerText.clean(reason);
        }

        @Override
        public boolean hostDown() {
            return false;
        }

        @Override
        public EnhancedStatusCode statusCode() {
            return new EnhancedStatusCode(4, 3, 0); // RFC 3463 §3.4: other or undefined mail system status
        }

        @Override
        public String message() {
            return "internal error of the sending server at " + step + ": " + reason;
        }
    }
}
