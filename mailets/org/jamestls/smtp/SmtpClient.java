package org.jamestls.smtp;

import org.jamestls.policy.TlsRequirement;
import org.jamestls.tls.TlsClient;

/** Opens connections to mail hosts. Safe for use by several threads. */
public final class SmtpClient implements AutoCloseable {

    public SmtpClient(TlsClient tlsClient, ClientSettings settings) {
        throw new UnsupportedOperationException();
    }

    /**
     * Connects to one address of a mail host, greets it and, as the requirement asks, secures the connection. When this
     * returns, the requirement is satisfied; nothing of a mail and no credentials have been sent. Under
     * {@link TlsRequirement.Opportunistic} a host that does not offer STARTTLS, or refuses it, is spoken to in the clear
     * on the same connection; where the handshake fails, the caller may open a fresh one with
     * {@link TlsRequirement#CLEARTEXT}.
     *
     * @throws SmtpException when the host cannot be reached, refuses us, breaks the protocol, or does not satisfy the
     *     requirement ({@link SmtpFailure.TlsViolated}); the connection is closed then
     */
    public SmtpConnection open(MailHostAddress host, TlsRequirement requirement) throws SmtpException {
        throw new UnsupportedOperationException();
    }

    /** Ends the supervision of time limits. Connections that are still open keep working without their overall bounds. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
