package org.jamestls.tls;

import java.net.Socket;
import java.util.Optional;
import org.jamestls.policy.Host;
import org.jamestls.policy.TlsRequirement;

/** Turns a connected socket into a TLS connection that satisfies a requirement. Safe for use by several threads. */
public interface TlsClient {

    /**
     * Does the handshake and verifies what the mail host presents. When this returns, the requirement is satisfied, or its
     * violation is only to be reported, and application data may be sent. The socket's read time-out bounds each read of the handshake.
     *
     * @param socket a connected socket on which the server has agreed to STARTTLS
     * @param host the mail host: the reference identity of its certificate and, for a name, the SNI (RFC 6066 §3)
     * @param port the mail host's port
     * @param requirement what the connection has to satisfy; one that asks for no TLS is an error of the caller
     * @throws TlsViolationException when the handshake fails or what was presented does not satisfy the requirement; the
     *     socket is closed then
     */
    TlsConnection handshake(Socket socket, Host host, int port, TlsRequirement requirement)
            throws TlsViolationException;

    /**
     * A client like this one whose first message fits into one segment, for hosts and networks that give a larger one no
     * answer ({@link TlsViolationException#helloUnanswered}); empty where this one's is as small.
     */
    default Optional<TlsClient> withSmallHello() {
        return Optional.empty();
    }
}
