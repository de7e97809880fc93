package org.jamestls.smtp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;

/**
 * What is the same for all connections of a client.
 *
 * @param heloName the own name in EHLO: a fully qualified domain name or an address literal (RFC 5321 §4.1.4)
 * @param bindAddress the local address of every connection; empty for the system's choice
 * @param connectTimeout how long a connection may take to be set up; more than zero
 * @param timeout how long the mail host may take for one complete reply, for the TLS handshake as a whole, and to take
 *     a block of the message; more than zero
 * @param messageTimeout how long the mail host may take for the reply to a message; more than zero. A host that takes
 *     longer gets the mail again, so it should be {@link #LEAST_FOR_MESSAGE} at least
 * @param chunking whether short messages go by BDAT where that is possible
 */
public record ClientSettings(
        String heloName,
        Optional<InetAddress> bindAddress,
        Duration connectTimeout,
        Duration timeout,
        Duration messageTimeout,
        boolean chunking) {

    /** RFC 5321 §4.5.3.2.6: a host may take 10 minutes for the reply to the final dot. */
    public static final Duration LEAST_FOR_MESSAGE = Duration.ofMinutes(10);

    private static final Pattern EHLO_ARGUMENT = Pattern.compile("[!-~]+");

    public ClientSettings {
        if (!EHLO_ARGUMENT.matcher(heloName).matches()) {
            throw new InvalidValueException("'" + PeerText.clean(heloName)
                    + "' cannot be sent in EHLO; write the server's own host name, such as mail.example.org");
        }
        requirePositive(connectTimeout);
        requirePositive(timeout);
        requirePositive(messageTimeout);
    }

    private static void requirePositive(Duration duration) {
        // Socket takes milliseconds in an int, and zero for no limit
        if (duration.toMillis() < 1 || duration.toMillis() > Integer.MAX_VALUE / 2) {
            throw new InvalidValueException(duration + " is not a time-out; write 1 millisecond to 12 days");
        }
    }
}
