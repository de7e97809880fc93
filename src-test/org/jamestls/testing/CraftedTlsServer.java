package org.jamestls.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.util.Hashtable;
import java.util.Optional;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateStatus;
import org.bouncycastle.tls.CertificateStatusType;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Serves handshakes that a JDK's server does not: with a stapled OCSP response of the test's choice (RFC 6066 §8, RFC 8446
 * §4.4.2.1), or in TLS 1.2 with a signature that the client has not offered. The certificate's key is of P-256.
 *
 * @param version TLS 1.2 or 1.3
 * @param certificate what it presents
 * @param staple what it staples
 * @param signature how it signs the handshake
 */
public record CraftedTlsServer(
        ProtocolVersion version,
        HeldCertificate certificate,
        Optional<OCSPResponse> staple,
        SignatureAndHashAlgorithm signature) {

    private static final SignatureAndHashAlgorithm USUAL =
            SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256);

    public static CraftedTlsServer stapling(ProtocolVersion version, HeldCertificate certificate, OCSPResponse staple) {
        return new CraftedTlsServer(version, certificate, Optional.of(staple), USUAL);
    }

    public static CraftedTlsServer signing(HeldCertificate certificate, SignatureAndHashAlgorithm signature) {
        return new CraftedTlsServer(ProtocolVersion.TLSv12, certificate, Optional.empty(), signature);
    }

    /** Does the handshake and sends back each octet that it gets. */
    public void serve(Socket connection) throws IOException {
        TlsServerProtocol protocol = new TlsServerProtocol(connection.getInputStream(), connection.getOutputStream());
        protocol.accept(new Server());
        protocol.getInputStream().transferTo(protocol.getOutputStream());
    }

    private final class Server extends DefaultTlsServer {
        private Server() {
            super(new BcTlsCrypto(new SecureRandom()));
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return version.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
        }

        @Override
        public TlsCredentials getCredentials() throws IOException {
            return signer();
        }

        @Override
        protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
            return signer();
        }

        private TlsCredentialedSigner signer() throws IOException {
            AsymmetricKeyParameter key =
                    PrivateKeyFactory.createKey(certificate.key().getEncoded());
            return new BcDefaultTlsCredentialedSigner(
                    new TlsCryptoParameters(context), (BcTlsCrypto) getCrypto(), key, presented(), signature);
        }

        private Certificate presented() throws IOException {
            boolean tls13 = TlsUtils.isTLSv13(version);
            CertificateEntry[] entries =
                    new CertificateEntry[certificate.chain().size()];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = new CertificateEntry(read(i), tls13 && i == 0 ? stapled() : null);
            }
            return new Certificate(tls13 ? TlsUtils.EMPTY_BYTES : null, entries);
        }

        private TlsCertificate read(int number) throws IOException {
            try {
                return getCrypto()
                        .createCertificate(certificate.chain().get(number).getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IOException(e);
            }
        }

        private Hashtable<Integer, byte[]> stapled() throws IOException {
            Hashtable<Integer, byte[]> extensions = new Hashtable<>();
            if (staple.isPresent()) {
                ByteArrayOutputStream status = new ByteArrayOutputStream();
                getCertificateStatus().encode(status);
                extensions.put(TlsExtensionsUtils.EXT_status_request, status.toByteArray());
            }
            return extensions;
        }

        @Override
        public CertificateStatus getCertificateStatus() {
            return staple.map(response -> new CertificateStatus(CertificateStatusType.ocsp, response))
                    .orElse(null);
        }
    }
}
