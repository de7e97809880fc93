package org.jamestls.tls;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jamestls.certificate.TrustedRoots;

/** Which implementation of TLS does the handshakes. */
public enum TlsProvider {
    /** Bouncy Castle's, with the post-quantum hybrid on every Java version. */
    BOUNCYCASTLE {
        @Override
        public TlsClient client(TrustedRoots roots, KeyExchange keyExchange, Clock clock, Duration handshakeLimit) {
            return new BouncyCastleTlsClient(roots, keyExchange, clock, handshakeLimit);
        }

        @Override
        public List<String> groups(KeyExchange keyExchange) {
            return keyExchange.groups();
        }
    },

    /** That of the Java virtual machine, with its own key-exchange groups. */
    JDK {
        @Override
        public TlsClient client(TrustedRoots roots, KeyExchange keyExchange, Clock clock, Duration handshakeLimit) {
            return new JdkTlsClient(roots, clock, handshakeLimit);
        }

        @Override
        public List<String> groups(KeyExchange keyExchange) {
            return List.of("those of the JDK");
        }
    };

    /** The name as operators write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The versions of TLS that are offered. */
    public List<String> protocols() {
        return TlsOffer.PROTOCOLS;
    }

    /** The cipher suites that are offered, by their IANA names, as far as the implementation has them. */
    public List<String> cipherSuites() {
        return TlsOffer.CIPHER_SUITES;
    }

    /** The key-exchange groups that are offered, for people. */
    public abstract List<String> groups(KeyExchange keyExchange);

    /**
     * A client of this implementation.
     *
     * @param roots where certificate chains have to end
     * @param keyExchange the groups to offer, where the implementation lets us choose
     * @param clock tells the time by which certificates are judged
     * @param handshakeLimit the most that one handshake may take as a whole
     */
    public abstract TlsClient client(TrustedRoots roots, KeyExchange keyExchange, Clock clock, Duration handshakeLimit);
}
