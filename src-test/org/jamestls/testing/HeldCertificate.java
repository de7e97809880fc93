package org.jamestls.testing;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate with its private key and what a server presents beside it.
 *
 * @param key the private key
 * @param chain the certificate, then its issuers without the root
 */
public record HeldCertificate(PrivateKey key, List<X509Certificate> chain) {

    private static final char[] NO_PASSWORD = new char[0];

    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The same certificate, presented without its issuers. */
    public HeldCertificate withoutIntermediates() {
        return new HeldCertificate(key, chain.subList(0, 1));
    }

    /** A server's TLS context that presents the chain. */
    public SSLContext serverContext() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
