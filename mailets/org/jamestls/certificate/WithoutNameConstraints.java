package org.jamestls.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Principal;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.Extension;

/**
 * A certificate as it would be without its name constraints, and with its signature all the same. The platform's path
 * validation has no switch for that step, which it gets wrong in several ways; ours precedes it.
 */
final class WithoutNameConstraints extends X509Certificate {

    private static final int EXTENSIONS_TAG = 3; // RFC 5280 §4.1
    private static final int TO_BE_SIGNED = 0;

    private final X509Certificate signed;
    private final X509Certificate shown;

    private WithoutNameConstraints(X509Certificate signed, X509Certificate shown) {
        this.signed = signed;
        this.shown = shown;
    }

    /** The certificate itself where it has none. */
    static X509Certificate of(X509Certificate certificate) throws CertificateException {
        if (!AuthorityConstraints.on(certificate)) {
            return certificate;
        }
        try {
            ASN1Sequence whole = ASN1Sequence.getInstance(certificate.getEncoded());
            ASN1EncodableVector parts = new ASN1EncodableVector();
            whole.forEach(parts::add);
            ASN1EncodableVector without = new ASN1EncodableVector();
            without.add(withoutNameConstraints(ASN1Sequence.getInstance(parts.get(TO_BE_SIGNED))));
            for (int i = TO_BE_SIGNED + 1; i < parts.size(); i++) {
                without.add(parts.get(i));
            }
            return new WithoutNameConstraints(certificate, (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(new DERSequence(without).getEncoded())));
        } catch (IOException e) {
            throw new CertificateException(e);
        }
    }

    private static ASN1Encodable withoutNameConstraints(ASN1Sequence toBeSigned) {
        ASN1EncodableVector fields = new ASN1EncodableVector();
        for (ASN1Encodable field : toBeSigned) {
            if (field instanceof ASN1TaggedObject tagged && tagged.getTagNo() == EXTENSIONS_TAG) {
                ASN1EncodableVector extensions = new ASN1EncodableVector();
                for (ASN1Encodable extension : ASN1Sequence.getInstance(tagged, true)) {
                    if (!Extension.nameConstraints.equals(
                            ASN1Sequence.getInstance(extension).getObjectAt(0))) {
                        extensions.add(extension);
                    }
                }
                fields.add(new DERTaggedObject(true, EXTENSIONS_TAG, new DERSequence(extensions)));
            } else {
                fields.add(field);
            }
        }
        return new DERSequence(fields);
    }

    @Override
    public void verify(PublicKey key)
            throws CertificateException, NoSuchAlgorithmException, InvalidKeyException, NoSuchProviderException,
                    SignatureException {
        signed.verify(key);
    }

    @Override
    public void verify(PublicKey key, String provider)
            throws CertificateException, NoSuchAlgorithmException, InvalidKeyException, NoSuchProviderException,
                    SignatureException {
        signed.verify(key, provider);
    }

    @Override
    public void verify(PublicKey key, Provider provider)
            throws CertificateException, NoSuchAlgorithmException, InvalidKeyException, SignatureException {
        signed.verify(key, provider);
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        return shown.hasUnsupportedCriticalExtension();
    }

    @Override
    public Set<String> getCriticalExtensionOIDs() {
        return shown.getCriticalExtensionOIDs();
    }

    @Override
    public Set<String> getNonCriticalExtensionOIDs() {
        return shown.getNonCriticalExtensionOIDs();
    }

    @Override
    public byte[] getExtensionValue(String oid) {
        return shown.getExtensionValue(oid);
    }

    @Override
    public byte[] getEncoded() throws CertificateEncodingException {
        return shown.getEncoded();
    }

    @Override
    public void checkValidity() throws CertificateExpiredException, CertificateNotYetValidException {
        shown.checkValidity();
    }

    @Override
    public void checkValidity(Date date) throws CertificateExpiredException, CertificateNotYetValidException {
        shown.checkValidity(date);
    }

    @Override
    public int getVersion() {
        return shown.getVersion();
    }

    @Override
    public BigInteger getSerialNumber() {
        return shown.getSerialNumber();
    }

    @Override
    @SuppressWarnings("deprecation") // the platform still has it
    public Principal getIssuerDN() {
        return shown.getIssuerDN();
    }

    @Override
    @SuppressWarnings("deprecation") // the platform still has it
    public Principal getSubjectDN() {
        return shown.getSubjectDN();
    }

    @Override
    public Date getNotBefore() {
        return shown.getNotBefore();
    }

    @Override
    public Date getNotAfter() {
        return shown.getNotAfter();
    }

    @Override
    public byte[] getTBSCertificate() throws CertificateEncodingException {
        return shown.getTBSCertificate();
    }

    @Override
    public byte[] getSignature() {
        return shown.getSignature();
    }

    @Override
    public String getSigAlgName() {
        return shown.getSigAlgName();
    }

    @Override
    public String getSigAlgOID() {
        return shown.getSigAlgOID();
    }

    @Override
    public byte[] getSigAlgParams() {
        return shown.getSigAlgParams();
    }

    @Override
    public boolean[] getIssuerUniqueID() {
        return shown.getIssuerUniqueID();
    }

    @Override
    public boolean[] getSubjectUniqueID() {
        return shown.getSubjectUniqueID();
    }

    @Override
    public boolean[] getKeyUsage() {
        return shown.getKeyUsage();
    }

    @Override
    public int getBasicConstraints() {
        return shown.getBasicConstraints();
    }

    @Override
    public PublicKey getPublicKey() {
        return shown.getPublicKey();
    }

    @Override
    public String toString() {
        return shown.toString();
    }
}
