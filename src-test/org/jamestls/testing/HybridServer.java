package org.jamestls.testing;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/** A server that knows the post-quantum hybrid group, which the JDK's does not. */
public final class HybridServer {

    private static final Provider TLS = new BouncyCastleJsseProvider(new BouncyCastleProvider());
    private static final char[] NO_PASSWORD = new char[0];

    private HybridServer() {}

    /** A server that agrees to these groups only, whose sockets are set up as the second argument says. */
    public static TlsServer presenting(HeldCertificate certificate, Consumer<SSLSocket> setUp, String... groups)
            throws IOException {
        return TlsServer.with(context(certificate), socket -> {
            setUp.accept(socket);
            BCSSLParameters parameters = ((BCSSLSocket) socket).getParameters();
            parameters.setNamedGroups(groups);
            ((BCSSLSocket) socket).setParameters(parameters);
        });
    }

    private static SSLContext context(HeldCertificate certificate) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "key", certificate.key(), NO_PASSWORD, certificate.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX", TLS);
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS", TLS);
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
