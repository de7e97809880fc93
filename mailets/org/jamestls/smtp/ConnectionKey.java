package org.jamestls.smtp;

import java.util.Optional;
import org.jamestls.policy.TlsRequirement;

/**
 * What two mails must have in common to go over one connection. The local address is that of the client, the same for
 * all of its connections.
 *
 * @param host name, address and port of the mail host
 * @param requirement what the connection satisfies; one that satisfies another requirement is never used instead
 * @param credentials who we are to the host, and what it has to prove for that; empty without AUTH
 * @param roots the number of the trusted roots that its certificate was verified under
 */
public record ConnectionKey(
        MailHostAddress host, TlsRequirement requirement, Optional<Credentials> credentials, int roots) {

    /** As the other, where the trusted roots never change. */
    public ConnectionKey(MailHostAddress host, TlsRequirement requirement, Optional<Credentials> credentials) {
        this(host, requirement, credentials, 0);
    }
}
