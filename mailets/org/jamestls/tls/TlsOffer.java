package org.jamestls.tls;

import java.util.List;
import java.util.Optional;
import org.bouncycastle.jsse.BCSNIHostName;
import org.bouncycastle.jsse.BCSNIServerName;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.BCSSLSocket;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.Host;

/**
 * What the ClientHello offers.
 *
 * @param keyExchange the key-exchange groups
 */
record TlsOffer(KeyExchange keyExchange) {

    /** RFC 8996: nothing below TLS 1.2. */
    static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /**
     * Forward secrecy always (RFC 9325 §4.1: no static RSA), authenticated encryption first. CBC with SHA-2 is there for
     * mail servers whose TLS 1.2 has no GCM with their RSA certificate, as Windows Server 2012; whatever speaks TLS 1.2
     * has one of these, so neither 3DES, RC4, SHA-1 nor anonymous suites are offered, under no requirement. Nor is DHE
     * (RFC 9325 §4.2.1): a host that prefers it with a group of its own would be refused, although it has ECDHE too.
     */
    static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");

    /** The signatures of handshakes; RFC 9155 §2: none with SHA-1. */
    private static final List<String> SIGNATURES = List.of(
            "ed25519",
            "ed448",
            "ecdsa_secp256r1_sha256",
            "ecdsa_secp384r1_sha384",
            "ecdsa_secp521r1_sha512",
            "rsa_pss_rsae_sha256",
            "rsa_pss_rsae_sha384",
            "rsa_pss_rsae_sha512",
            "rsa_pss_pss_sha256",
            "rsa_pss_pss_sha384",
            "rsa_pss_pss_sha512",
            "rsa_pkcs1_sha256",
            "rsa_pkcs1_sha384",
            "rsa_pkcs1_sha512");

    void applyTo(BCSSLSocket socket, Host host) {
        BCSSLParameters parameters = socket.getParameters();
        parameters.setProtocols(PROTOCOLS.toArray(String[]::new));
        parameters.setCipherSuites(CIPHER_SUITES.toArray(String[]::new));
        parameters.setNamedGroups(keyExchange.groups().toArray(String[]::new));
        parameters.setSignatureSchemes(SIGNATURES.toArray(String[]::new));
        parameters.setEarlyKeyShares(keyExchange.earlyKeyShares().toArray(String[]::new));
        parameters.setServerNames(serverNames(host));
        socket.setParameters(parameters);
    }

    private static List<BCSNIServerName> serverNames(Host host) {
        return serverName(host)
                .<List<BCSNIServerName>>map(name -> List.of(new BCSNIHostName(name)))
                .orElse(List.of());
    }

    /**
     * RFC 6066 §3: the A-label of a host name; literal addresses are not permitted, and a name with an underscore, though
     * the DNS may give it to a mail host, is no host name (RFC 952), over which servers would break off.
     */
    static Optional<String> serverName(Host host) {
        return host instanceof DomainName name && name.text().indexOf('_') < 0
                ? Optional.of(name.text())
                : Optional.empty();
    }
}
