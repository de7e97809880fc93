package org.jamestls.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Has no certificate to show, and remembers which announced handshakes were asked for one. A host may go on without it;
 * one that does not ends the handshake in TLS 1.2, and in TLS 1.3 the connection when the handshake is over on this side
 * (RFC 8446 §4.4.2.4). Safe for use by several threads.
 */
final class NoClientCertificate extends X509ExtendedKeyManager {

    private static final String NONE = null;

    private final Map<Socket, Handshake> handshakes = new ConcurrentHashMap<>();

    /**
     * Announces a handshake.
     *
     * @param connection the TLS socket, not the one below it
     */
    Handshake expect(Socket connection) {
        Handshake handshake = new Handshake(connection);
        handshakes.put(connection, handshake);
        return handshake;
    }

    /** One announced handshake, until it is closed. */
    final class Handshake implements AutoCloseable {
        private final Socket connection;
        private final AtomicBoolean asked = new AtomicBoolean();

        private Handshake(Socket connection) {
            this.connection = connection;
        }

        /** Whether the host has asked for a certificate. */
        boolean asked() {
            return asked.get();
        }

        @Override
        public void close() {
            handshakes.remove(connection);
        }
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket connection) {
        Handshake handshake = connection == null ? null : handshakes.get(connection);
        if (handshake != null) {
            handshake.asked.set(true);
        }
        return NONE;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return NONE;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket connection) {
        return NONE;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return new X509Certificate[0];
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return null;
    }
}
