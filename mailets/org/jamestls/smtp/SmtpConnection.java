package org.jamestls.smtp;

import java.util.Optional;
import org.jamestls.policy.NegotiatedTls;

/**
 * A connection to one address of a mail host that satisfies its TLS requirement. For one thread at a time; only
 * {@link #abort()} may come from another.
 */
public final class SmtpConnection implements AutoCloseable {

    private SmtpConnection() {}

    public MailHostAddress host() {
        throw new UnsupportedOperationException();
    }

    /** What the handshake agreed on; empty when the connection is in the clear. */
    public Optional<NegotiatedTls> tls() {
        throw new UnsupportedOperationException();
    }

    /** What the host offers now: after a handshake only what it said over TLS (RFC 3207 §4.2). */
    public Capabilities capabilities() {
        throw new UnsupportedOperationException();
    }

    /**
     * Logs in (RFC 4954). Over TLS the first of PLAIN, LOGIN, CRAM-MD5 and DIGEST-MD5 that the host offers; in the
     * clear one of the last two alone, since the others would show the password.
     *
     * @throws SmtpException when the host offers none of these or refuses; the connection remains open unless it broke
     */
    public void authenticate(Credentials credentials) throws SmtpException {
        throw new UnsupportedOperationException();
    }

    /** Sends one mail. What goes wrong is in the outcome. After it, another may be sent while {@link #isReusable()}. */
    public TransactionOutcome send(Envelope envelope, MessageContent content, SendTo sendTo) {
        throw new UnsupportedOperationException();
    }

    /** Forgets an unfinished transaction (RSET), which also shows whether the host still answers. */
    public void reset() throws SmtpException {
        throw new UnsupportedOperationException();
    }

    /** Whether another transaction may begin: the connection is open and nothing has arrived that nobody asked for. */
    public boolean isReusable() {
        throw new UnsupportedOperationException();
    }

    /** Takes leave with QUIT, waits a short time for the reply, and closes. Never throws. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** Closes at once. Whatever is under way fails. */
    public void abort() {
        throw new UnsupportedOperationException();
    }
}
