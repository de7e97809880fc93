package org.jamestls.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsDHConfig;
import org.bouncycastle.tls.crypto.TlsDHDomain;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.TlsKemConfig;
import org.bouncycastle.tls.crypto.TlsKemDomain;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JceAEADCipherImpl;

/**
 * The TLS cryptography, which tells the handshake of its thread which certificates come and from which key-exchange groups its
 * secret came. The
 * sockets do not say that; the group that yielded the shared secret is the negotiated one by definition. A hybrid group
 * yields two secrets, one of each half.
 */
final class ObservedCrypto extends JcaTlsCrypto {

    private static final JcaJceHelper PLATFORM = new DefaultJcaJceHelper();

    private ObservedCrypto(
            JcaJceHelper helper, JcaJceHelper otherHelper, SecureRandom keyRandom, SecureRandom nonceRandom) {
        super(helper, otherHelper, keyRandom, nonceRandom);
    }

    /** AES-GCM by the virtual machine, which has it in the processor's own instructions. */
    @Override
    protected TlsAEADCipherImpl createAEADCipher(String cipherName, String algorithm, int keySize, boolean isEncrypting)
            throws GeneralSecurityException {
        return cipherName.startsWith("AES/GCM")
                ? new JceAEADCipherImpl(this, PLATFORM, cipherName, algorithm, keySize, isEncrypting)
                : super.createAEADCipher(cipherName, algorithm, keySize, isEncrypting);
    }

    @Override
    public TlsCertificate createCertificate(short type, byte[] encoding) throws IOException {
        try {
            TlsCertificate read = super.createCertificate(type, encoding);
            X509Certificate certificate = JcaTlsCertificate.convert(this, read).getX509Certificate();
            ObservedHandshake.comes(certificate);
            return new CertificateWithoutDemands(this, certificate);
        } catch (TlsFatalAlert e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "it cannot be read", e);
        }
    }

    /**
     * Deviation: RFC 7633 §4.3.3 has a client that asks for a stapled OCSP response refuse a certificate which demands
     * one that does not come. Revocation is not checked, so no demand is made of the host; the library asks all the same,
     * and can be kept from it for the whole virtual machine only, which is the host's.
     */
    private static final class CertificateWithoutDemands extends JcaTlsCertificate {
        private static final ASN1ObjectIdentifier TLS_FEATURE = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24");

        private CertificateWithoutDemands(JcaTlsCrypto crypto, X509Certificate certificate) {
            super(crypto, certificate);
        }

        @Override
        public byte[] getExtension(ASN1ObjectIdentifier identifier) throws IOException {
            return TLS_FEATURE.equals(identifier) ? null : super.getExtension(identifier);
        }
    }

    @Override
    public TlsECDomain createECDomain(TlsECConfig config) {
        TlsECDomain domain = super.createECDomain(config);
        return () -> new ObservedAgreement(domain.createECDH(), NamedGroup.getName(config.getNamedGroup()));
    }

    @Override
    public TlsKemDomain createKemDomain(TlsKemConfig config) {
        TlsKemDomain domain = super.createKemDomain(config);
        return () -> new ObservedAgreement(domain.createKem(), NamedGroup.getName(config.getNamedGroup()));
    }

    @Override
    public TlsDHDomain createDHDomain(TlsDHConfig config) {
        TlsDHDomain domain = super.createDHDomain(config);
        return () -> new ObservedAgreement(domain.createDH(), NamedGroup.getName(config.getNamedGroup()));
    }

    /** Makes this cryptography for every TLS context. */
    static final class Provider extends JcaTlsCryptoProvider {
        @Override
        public JcaTlsCrypto create(SecureRandom keyRandom, SecureRandom nonceRandom) {
            return new ObservedCrypto(getHelper(), getAltHelper(), keyRandom, nonceRandom);
        }
    }

    private record ObservedAgreement(TlsAgreement agreement, String group) implements TlsAgreement {
        @Override
        public byte[] generateEphemeral() throws IOException {
            return agreement.generateEphemeral();
        }

        @Override
        public void receivePeerValue(byte[] peerValue) throws IOException {
            agreement.receivePeerValue(peerValue);
        }

        @Override
        public TlsSecret calculateSecret() throws IOException {
            TlsSecret secret = agreement.calculateSecret();
            ObservedHandshake.secretFrom(group);
            return secret;
        }
    }
}
