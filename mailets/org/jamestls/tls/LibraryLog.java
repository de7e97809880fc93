package org.jamestls.tls;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/**
 * The log of the TLS library, which tells every failed handshake with a stack trace at INFO. What failed stands in our
 * own log, in a line; an operator's own level for the library is left alone.
 */
final class LibraryLog {

    /** Held, since the logging framework forgets the level of a logger that nobody holds. */
    private static final Logger LOGGER = Logger.getLogger(BouncyCastleJsseProvider.class.getPackageName());

    private LibraryLog() {}

    static void quieten() {
        if (LOGGER.getLevel() == null) {
            LOGGER.setLevel(Level.SEVERE);
        }
    }
}
