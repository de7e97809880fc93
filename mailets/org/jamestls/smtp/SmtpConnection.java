package org.jamestls.smtp;

import java.time.Duration;
import java.util.Optional;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;

/**
 * A connection to one address of a mail host that satisfies its TLS requirement, or violates one that is only
 * {@linkplain org.jamestls.policy.TlsRequirement.Reported reported}. For one thread at a time; only
 * {@link #abort()} may come from another.
 */
public final class SmtpConnection implements AutoCloseable {

    /** How long after its last reply a host is taken to be there still. */
    private static final Duration ALIVE = Duration.ofSeconds(1);

    private final Conversation conversation;
    private final MailHostAddress host;
    private final TlsRequirement satisfied;
    private final Optional<NegotiatedTls> tls;
    private final Optional<PolicyViolation> reported;
    private final long opened = System.nanoTime();
    private Capabilities capabilities;
    private long lastHeard = opened;
    private int mails;
    private boolean unfinishedTransaction;
    private boolean chunkingFailed;

    SmtpConnection(
            Conversation conversation,
            MailHostAddress host,
            TlsRequirement satisfied,
            Optional<NegotiatedTls> tls,
            Capabilities capabilities,
            Optional<PolicyViolation> reported) {
        this.conversation = conversation;
        this.host = host;
        this.satisfied = satisfied;
        this.tls = tls;
        this.reported = reported;
        this.capabilities = capabilities;
    }

    public MailHostAddress host() {
        return host;
    }

    /** What the handshake agreed on; empty when the connection is in the clear. */
    public Optional<NegotiatedTls> tls() {
        return tls;
    }

    /** The violation of a requirement that is reported and not enforced. */
    public Optional<PolicyViolation> reported() {
        return reported;
    }

    /** What the host offers now: after a handshake only what it said over TLS (RFC 3207 §4.2). */
    public Capabilities capabilities() {
        return capabilities;
    }

    /**
     * Logs in (RFC 4954). Over TLS the first of PLAIN, LOGIN, CRAM-MD5 and DIGEST-MD5 that the host offers. What the
     * connection's requirement verified decides who gets credentials: without a verified certificate only those that are
     * {@linkplain CredentialProtection#RELAXED relaxed} are sent, and in the clear by one of the last two mechanisms
     * alone, since the others would show the password.
     *
     * @throws SmtpException when the host may not get them, offers none of these or refuses; the connection remains open
     *     unless it broke
     */
    public void authenticate(Credentials credentials) throws SmtpException {
        boolean overTls = tls.isPresent();
        new Authentication(conversation, host, overTls && satisfied.provesHost(), overTls, capabilities)
                .logIn(credentials);
    }

    /** Sends one mail. What goes wrong is in the outcome. After it, another may be sent while {@link #isReusable()}. */
    public TransactionOutcome send(Envelope envelope, MessageContent content, SendTo sendTo) {
        mails++;
        MailTransaction transaction =
                new MailTransaction(conversation, capabilities, envelope, content, sendTo, heardJustNow());
        if (!conversation.isOpen()) {
            return transaction.failed(
                    new SmtpFailure.ConnectionLost(SmtpStep.MAIL, "the connection was closed before", false));
        }
        try {
            if (unfinishedTransaction) {
                reset();
            }
        } catch (SmtpException e) {
            return transaction.failed(e.failure());
        }
        TransactionOutcome outcome = transaction.run();
        unfinishedTransaction = transaction.isUnfinished();
        lastHeard = System.nanoTime();
        if (transaction.chunkingFailed()) {
            chunkingFailed = true;
            conversation.abort(); // the host may have taken the message for commands
        }
        return outcome;
    }

    private boolean heardJustNow() {
        return System.nanoTime() - lastHeard < ALIVE.toNanos();
    }

    /**
     * Whether an outcome says nothing about the mail, so that it may go over a fresh connection at once: the connection
     * had been kept open from mail to mail and the host ended it meanwhile, or the host did not know the BDAT that it
     * had offered.
     */
    public boolean mayRepeat(TransactionOutcome outcome) {
        return chunkingFailed
                || mails > 1 && outcome instanceof TransactionOutcome.Failed failed && endedBefore(failed.failure());
    }

    private static boolean endedBefore(SmtpFailure failure) {
        boolean atFirstCommand = failure.step() == SmtpStep.RSET || failure.step() == SmtpStep.MAIL;
        boolean ended = failure instanceof SmtpFailure.ConnectionLost
                || failure instanceof SmtpFailure.TimedOut && !failure.outcomeUnknown()
                || failure.reply().filter(SmtpReply::endsConnection).isPresent();
        return atFirstCommand && ended;
    }

    /** Whether the host did not know the BDAT that it had offered. */
    boolean chunkingFailed() {
        return chunkingFailed;
    }

    /** Sends no BDAT from here on. */
    void avoidChunking() {
        capabilities = capabilities.withoutChunking();
    }

    /** How many mails were begun on this connection. */
    int mails() {
        return mails;
    }

    /** The time since the connection was opened. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - opened);
    }

    /** Forgets an unfinished transaction (RSET), which also shows whether the host still answers. */
    public void reset() throws SmtpException {
        SmtpReply reply = conversation.ask(SmtpStep.RSET, "RSET");
        if (!reply.isPositive()) {
            // RFC 5321 §4.1.1.5: only 250 is a reply to RSET; after another the host's state is unknown
            throw reply.endsConnection()
                    ? new SmtpException(new SmtpFailure.Refused(SmtpStep.RSET, reply))
                    : conversation.unexpected(SmtpStep.RSET, "250", reply);
        }
        unfinishedTransaction = false;
    }

    /** Whether another transaction may begin: the connection is open and nothing has arrived that nobody asked for. */
    public boolean isReusable() {
        return conversation.isQuiet();
    }

    /** Takes leave with QUIT, waits a short time for the reply, and closes. Never throws. */
    @Override
    public void close() {
        conversation.quit();
    }

    /** Closes at once. Whatever is under way fails. */
    public void abort() {
        conversation.abort();
    }

    @Override
    public String toString() {
        return host + (tls.isPresent() ? " over TLS" : " in the clear");
    }
}
