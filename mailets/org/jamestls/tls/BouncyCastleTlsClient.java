package org.jamestls.tls;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.Host;
import org.jamestls.policy.RecentlyUsed;
import org.jamestls.policy.TlsRequirement;

/**
 * TLS by Bouncy Castle's JSSE provider, which brings the post-quantum hybrid to every Java version. The provider is
 * handed over as an object and never registered with the virtual machine, which is the host's.
 */
public final class BouncyCastleTlsClient extends JsseTlsClient {

    /** How long a handshake may take as a whole, where nothing else is said. */
    public static final Duration HANDSHAKE_LIMIT = Duration.ofMinutes(1);

    /** A policy that has changed leaves the contexts of its old requirements behind. */
    static final int MOST_CONTEXTS = 1_000;

    private final TlsOffer offer;
    private final Provider provider;
    private final RecentlyUsed<TlsRequirement, Context> contexts = new RecentlyUsed<>(MOST_CONTEXTS, this::newContext);
    private final Optional<TlsClient> withSmallHello;

    /**
     * Makes a client.
     *
     * @param roots where certificate chains have to end
     * @param keyExchange the groups to offer
     * @param clock tells the time by which certificates are judged
     * @param handshakeLimit the most that one handshake may take as a whole; each read is bounded by the socket's own
     *     read time-out besides
     */
    public BouncyCastleTlsClient(TrustedRoots roots, KeyExchange keyExchange, Clock clock, Duration handshakeLimit) {
        super(roots, clock, handshakeLimit);
        LibraryLog.quieten();
        this.offer = new TlsOffer(keyExchange);
        this.provider = new BouncyCastleJsseProvider(
                false, new ObservedCrypto.Provider().setProvider(new BouncyCastleProvider()));
        this.withSmallHello = keyExchange == KeyExchange.CLASSICAL
                ? Optional.empty()
                : Optional.of(new BouncyCastleTlsClient(roots, KeyExchange.CLASSICAL, clock, handshakeLimit));
    }

    @Override
    Context context(TlsRequirement requirement) {
        return contexts.get(requirement);
    }

    @Override
    SSLContext newContext() throws GeneralSecurityException {
        return SSLContext.getInstance("TLS", provider);
    }

    @Override
    void offer(SSLSocket connection, Host host) {
        offer.applyTo((BCSSLSocket) connection, host);
    }

    /** No ServerHello came, and no alert that tells that one was made out and found wanting. */
    @Override
    boolean leftUnanswered(SSLSocket connection, Exception failure) {
        return withSmallHello.isPresent()
                && connection.getHandshakeSession() == null
                && !HandshakeFailure.judgesHello(failure);
    }

    @Override
    public Optional<TlsClient> withSmallHello() {
        return withSmallHello;
    }
}
