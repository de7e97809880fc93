package org.jamestls.smtp;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;

/**
 * What is the same for all connections of a client.
 *
 * @param heloName the own name in EHLO: a fully qualified domain name or an address literal (RFC 5321 §4.1.4)
 * @param bindAddress the local address of every connection; empty for the system's choice
 * @param limits how long the mail host may take
 * @param chunking whether short messages go by BDAT where that is possible
 */
public record ClientSettings(String heloName, Optional<InetAddress> bindAddress, TimeLimits limits, boolean chunking) {

    private static final Pattern EHLO_ARGUMENT = Pattern.compile("[!-~]+");

    public ClientSettings {
        if (!EHLO_ARGUMENT.matcher(heloName).matches()) {
            throw new InvalidValueException("'" + PeerText.clean(heloName)
                    + "' cannot be sent in EHLO; write the server's own host name, such as mail.example.org");
        }
    }
}
