package org.jamestls.tls;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jamestls.certificate.LiveRoots;
import org.jamestls.certificate.TrustedRoots;

/**
 * A client for the roots that are in force. Its contexts know the roots of their time, so that each change of the roots
 * makes another client; handshakes under way end with theirs. Safe for use by several threads.
 */
public final class RootedTlsClients implements Supplier<TlsClient> {

    private final LiveRoots roots;
    private final Function<TrustedRoots, TlsClient> clients;
    private volatile Rooted latest;

    private record Rooted(LiveRoots.Version roots, TlsClient client) {}

    /** @param clients makes a client whose chains have to end at these roots */
    public RootedTlsClients(LiveRoots roots, Function<TrustedRoots, TlsClient> clients) {
        this.roots = roots;
        this.clients = clients;
        this.latest = rooted(roots.current());
    }

    private Rooted rooted(LiveRoots.Version version) {
        return new Rooted(version, clients.apply(version.roots()));
    }

    @Override
    public TlsClient get() {
        Rooted client = latest;
        return client.roots() == roots.current() ? client.client() : renew();
    }

    private synchronized TlsClient renew() {
        LiveRoots.Version inForce = roots.current();
        if (latest.roots() != inForce) {
            latest = rooted(inForce);
        }
        return latest.client();
    }
}
