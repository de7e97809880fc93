package org.jamestls.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The sink's TLS. A handshake costs the JDK much more than the C libraries that real mail hosts use, and the sink runs on
 * the processors of the senders: it would hold back whoever makes a handshake for each mail. So it takes Conscrypt where
 * that is on the class path and knows the machine, else the JDK.
 */
record SinkTls(SSLContext context, boolean nativeCode) {

    private static final String CONSCRYPT = "org.conscrypt.";

    static final char[] PASSWORD = "bench".toCharArray();

    static SinkTls presenting(Path keyStore) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keyStore)) {
            keys.load(file, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        Optional<Provider> conscrypt = conscrypt();
        SSLContext context =
                conscrypt.isPresent() ? SSLContext.getInstance("TLS", conscrypt.get()) : SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return new SinkTls(context, conscrypt.isPresent());
    }

    /** The TLS side of a connection, before the handshake: TLS 1.3, with tickets for those who resume sessions. */
    SSLSocket secure(Socket socket) throws IOException {
        // any name will do for the client, which spares a look-up of its address
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "client", socket.getPort(), true);
        secured.setUseClientMode(false);
        secured.setEnabledProtocols(new String[] {"TLSv1.3"});
        if (nativeCode) {
            allowTickets(secured);
        }
        return secured;
    }

    /** The JDK does so by itself. */
    private static void allowTickets(SSLSocket socket) throws IOException {
        try {
            Class.forName(CONSCRYPT + "Conscrypt")
                    .getMethod("setUseSessionTickets", SSLSocket.class, boolean.class)
                    .invoke(null, socket, true);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    private static Optional<Provider> conscrypt() {
        try {
            return Optional.of((Provider) Class.forName(CONSCRYPT + "OpenSSLProvider")
                    .getConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException | LinkageError e) {
            return Optional.empty();
        }
    }
}
