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

    /**
     * The second shows that the first had one reply: one more would have stood in the place of the reply to the second
     * MAIL.
     */
    private static final int CHUNKS_THAT_PROVE = 2;

    private final Conversation conversation;
    private final MailHostAddress host;
    private final TlsRequirement satisfied;
    private final Optional<NegotiatedTls> tls;
    private final Optional<PolicyViolation> reported;
    private final long opened = System.nanoTime();
    private Capabilities capabilities;
    private long lastHeard = opened;
    private int mails;
    private int mailsTaken;
    private KnownHost known = new KnownHost();
    private int chunksTaken;
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
        try {
            new Authentication(conversation, host, overTls && satisfied.provesHost(), overTls, capabilities)
                    .logIn(credentials);
        } catch (RuntimeException | Error e) {
            conversation.abort();
            throw new SmtpException(InternalErrors.at(SmtpStep.AUTH, host, e, false), e);
        }
    }

    /** Sends one mail. What goes wrong is in the outcome. After it, another may be sent while {@link #isReusable()}. */
    public TransactionOutcome send(Envelope envelope, MessageContent content, SendTo sendTo) {
        mails++;
        KnownHost.Chunking chunking = Chunk.fits(content, capabilities) ? known.beginChunk() : KnownHost.Chunking.NONE;
        MailTransaction transaction = new MailTransaction(
                conversation, capabilities, envelope, content, sendTo, known, chunking, heardJustNow());
        try {
            if (!conversation.isOpen()) {
                return transaction.failed(
                        new SmtpFailure.ConnectionLost(SmtpStep.MAIL, "the connection was closed before", false));
            }
            if (unfinishedTransaction) {
                reset();
            }
            TransactionOutcome outcome = transaction.run();
            unfinishedTransaction = transaction.isUnfinished();
            lastHeard = System.nanoTime();
            if (outcome instanceof TransactionOutcome.Delivered) {
                mailsTaken++;
            } else if (outcome instanceof TransactionOutcome.Failed failed) {
                learn(failed.failure());
            }
            return outcome;
        } catch (SmtpException e) {
            return transaction.failed(e.failure());
        } catch (RuntimeException | Error e) {
            boolean outcomeUnknown = conversation.mayHaveBeenTaken();
            conversation.abort();
            return transaction.failed(InternalErrors.at(SmtpStep.CONTENT, host, e, outcomeUnknown));
        } finally {
            learn(chunking, transaction.chunkFate());
        }
    }

    private void learn(SmtpFailure failure) {
        if (failure instanceof SmtpFailure.ProtocolBroken) {
            known.avoidChunking(); // a host whose replies cannot be relied on
        }
        if (!isTiredOfTheConnection(failure)) {
            return;
        }
        if (mailsTaken > 0) {
            known.refusedAfter(mails - 1);
        } else {
            known.refusedTheFirst();
        }
    }

    /** Whether the host takes another mail over this connection, as far as is known. */
    boolean mayCarryAnother() {
        return known.allowsAfter(mails);
    }

    private void learn(KnownHost.Chunking chunking, MailTransaction.ChunkFate fate) {
        switch (fate) {
            case NOT_KNOWN, OUT_OF_STEP -> {
                chunkingFailed = true;
                known.avoidChunking();
                conversation.abort(); // the host may take the message for commands
            }
            case WITHOUT_PROOF, UNANSWERED -> {
                if (chunking == KnownHost.Chunking.ON_TRIAL) {
                    known.avoidChunking();
                }
            }
            case TAKEN -> {
                chunksTaken++;
                if (chunksTaken >= CHUNKS_THAT_PROVE) {
                    known.knowsChunking();
                }
            }
            case NOT_SENT, REFUSED -> {}
        }
        if (chunking == KnownHost.Chunking.ON_TRIAL) {
            known.trialEnds();
        }
    }

    private boolean heardJustNow() {
        return System.nanoTime() - lastHeard < ALIVE.toNanos();
    }

    /**
     * Whether an outcome says nothing about the mail, so that it may go over a fresh connection at once: the connection
     * had been kept open from mail to mail and the host ended it meanwhile or was out of step from an earlier mail, or
     * the host did not know the BDAT that it had offered, or answered it in a way that leaves open what became of the
     * mail. Over the fresh connection the message does not go by BDAT.
     */
    public boolean mayRepeat(TransactionOutcome outcome) {
        return chunkingFailed
                || mails > 1
                        && outcome instanceof TransactionOutcome.Failed failed
                        && (endedBefore(failed.failure())
                                || outOfStepBefore(failed.failure())
                                || mailsTaken > 0 && isTiredOfTheConnection(failed.failure()));
    }

    /**
     * Whether a refusal may concern the number of mails over the connection instead of the mail: hosts say 4yz, 503 or 554 at
     * MAIL, and 4yz behind it, and leave the connection open.
     */
    private static boolean isTiredOfTheConnection(SmtpFailure failure) {
        boolean atMail = failure.step() == SmtpStep.MAIL;
        boolean behindIt = failure.step() == SmtpStep.DATA || failure.step() == SmtpStep.CONTENT;
        return failure instanceof SmtpFailure.Refused refused
                && (atMail || behindIt && refused.refusal().isTemporary());
    }

    private static boolean outOfStepBefore(SmtpFailure failure) {
        return failure instanceof SmtpFailure.ProtocolBroken && !failure.outcomeUnknown();
    }

    private static boolean endedBefore(SmtpFailure failure) {
        boolean atFirstCommand = failure.step() == SmtpStep.RSET || failure.step() == SmtpStep.MAIL;
        boolean ended = failure instanceof SmtpFailure.ConnectionLost
                || failure instanceof SmtpFailure.TimedOut && !failure.outcomeUnknown()
                || failure.reply().filter(SmtpReply::endsConnection).isPresent();
        return atFirstCommand && ended;
    }

    /** Sends no BDAT, whatever the host offers. */
    void avoidChunking() {
        capabilities = capabilities.withoutChunking();
    }

    /** Shares what is known of the host with the other connections to it. */
    void share(KnownHost shared) {
        known = shared;
    }

    Conversation conversation() {
        return conversation;
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

    /** Says QUIT; {@link #awaitEnd} has to follow. Never throws. */
    void sayQuit() {
        conversation.sayQuit();
    }

    /** Waits a short time for the reply to QUIT, and closes. Never throws. */
    void awaitEnd() {
        conversation.awaitEnd();
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
