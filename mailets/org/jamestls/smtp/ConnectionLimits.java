package org.jamestls.smtp;

import java.time.Duration;
import org.jamestls.policy.InvalidValueException;

/**
 * How many connections there may be, and how long each may serve.
 *
 * @param perHost the most connections to one address of a mail host under one TLS requirement; at least 1
 * @param inAll the most connections together; at least 1
 * @param mails the most mails over one connection; 1 keeps none open
 * @param idle how long a connection is kept open without a mail
 * @param age how long after its opening a connection may begin another mail
 */
public record ConnectionLimits(int perHost, int inAll, int mails, Duration idle, Duration age) {

    /** Few enough for what hosts commonly allow one client, and an idle time below what they commonly bear. */
    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(20, 200, 100, Duration.ofSeconds(10), Duration.ofMinutes(5));

    public ConnectionLimits {
        if (perHost < 1 || inAll < 1 || mails < 1) {
            throw new InvalidValueException("a limit of connections or mails is at least 1");
        }
    }

    /** Whether a connection may serve another mail. */
    boolean allowAnother(SmtpConnection connection) {
        return connection.mails() < mails
                && connection.mayCarryAnother()
                && connection.age().compareTo(age) < 0;
    }
}
