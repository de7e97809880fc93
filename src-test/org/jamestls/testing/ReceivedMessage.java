package org.jamestls.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message that a {@link ReceivingServer} took responsibility for.
 *
 * @param sender the reverse path without brackets, empty for the null sender
 * @param mailParameters what stood behind it
 * @param recipients the forward paths that were accepted, without brackets
 * @param content the octets as they arrived, doubled dots undone
 * @param overTls whether it came over TLS
 */
public record ReceivedMessage(
        String sender, String mailParameters, List<String> recipients, byte[] content, boolean overTls) {
    public ReceivedMessage {
        recipients = List.copyOf(recipients);
    }

    /** The content, an octet a character. */
    public String text() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }
}
