package org.jamestls.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** A message as it is to be sent: header, blank line, body. It is streamed, never held as a whole. */
public interface MessageContent {

    /**
     * Writes the message. Line ends need not be canonical and dots need not be doubled: both are seen to. It is called
     * at most once per transaction.
     *
     * @throws IOException when the message cannot be read, or, from the stream, when it cannot be sent; the stream's
     *     exceptions have to be passed on
     */
    void writeTo(OutputStream out) throws IOException;

    /** The size in octets, line ends counted as CRLF, for the host's early refusal (RFC 1870 §5); empty if unknown. */
    OptionalLong size();

    /** Whether octets above 127 occur. Such a message goes only to hosts that offer 8BITMIME (RFC 6152 §3). */
    boolean eightBit();

    /** Whether the header holds UTF-8 (RFC 6532). Such a message goes only to hosts that offer SMTPUTF8. */
    default boolean utf8Header() {
        return false;
    }
}
