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
 *     a block of the message; twice that for the reply to the message itself, as the ratio of RFC 5321 §4.5.3.2 has it;
 *     more than zero
 */
public record ClientSettings(
        String heloName, Optional<InetAddress> bindAddress, Duration connectTimeout, Duration timeout) {

    private static final Pattern EHLO_ARGUMENT = Pattern.compile("[!-~]+");

    public ClientSettings {
        if (!EHLO_ARGUMENT.matcher(heloName).matches()) {
            throw new InvalidValueException("'" + PeerText.clean(heloName)
                    + "' cannot be sent in EHLO; write the server's own host name, such as mail.example.org");
        }
        requirePositive(connectTimeout);
        requirePositive(timeout);
    }

    private static void requirePositive(Duration duration) {
        // Socket takes milliseconds in an int, and zero for no limit
        if (duration.toMillis() < 1 || duration.toMillis() > Integer.MAX_VALUE / 2) {
            throw new InvalidValueException(duration + " is not a time-out; write 1 millisecond to 12 days");
        }
    }
}
