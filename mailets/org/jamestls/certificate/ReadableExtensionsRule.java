package org.jamestls.certificate;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.PolicyConstraints;
import org.bouncycastle.asn1.x509.PolicyMappings;
import org.jamestls.policy.PolicyViolation;

/**
 * Every extension of the way that has a part in the verdict can be read, critical or not (RFC 5280 §4.2). To the platform one
 * that cannot be read and is not critical counts as absent, and what is absent restricts nothing.
 */
record ReadableExtensionsRule() implements PathRule {

    /** What to show, and what reads the extension or throws. Name constraints have a rule of their own. */
    private record Reader(String shown, Consumer<ASN1Primitive> reading) {}

    private static final Map<String, Reader> READERS = readers();

    private static Map<String, Reader> readers() {
        Map<ASN1ObjectIdentifier, Reader> readers = Map.of(
                Extension.basicConstraints, new Reader("basic constraints", ReadableExtensionsRule::readAuthority),
                Extension.keyUsage, new Reader("key usage", ASN1BitString::getInstance),
                Extension.extendedKeyUsage, new Reader("extended key usage", ReadableExtensionsRule::readPurposes),
                Extension.subjectAlternativeName, new Reader("SAN", ReadableExtensionsRule::readNames),
                Extension.authorityKeyIdentifier,
                        new Reader("authority key identifier", AuthorityKeyIdentifier::getInstance),
                Extension.certificatePolicies, new Reader("certificate policies", CertificatePolicies::getInstance),
                Extension.policyMappings, new Reader("policy mappings", PolicyMappings::getInstance),
                Extension.policyConstraints, new Reader("policy constraints", PolicyConstraints::getInstance),
                Extension.inhibitAnyPolicy, new Reader("inhibited any-policy", ASN1Integer::getInstance));
        return readers.entrySet().stream()
                .collect(Collectors.toMap(reader -> reader.getKey().getId(), Map.Entry::getValue));
    }

    @Override
    public Optional<PolicyViolation> check(CertificationPath path) {
        for (X509Certificate certificate : path.withRoot()) {
            for (String identifier : CertificateExtensions.identifiers(certificate)) {
                Reader reader = READERS.get(identifier);
                if (reader != null && !readable(certificate, identifier, reader)) {
                    return PathRule.notTrusted(
                            "extensions as in RFC 5280 section 4.2",
                            "an unreadable extension, " + reader.shown() + ": "
                                    + PresentedCertificate.describe(certificate));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean readable(X509Certificate certificate, String identifier, Reader reader) {
        try {
            reader.reading()
                    .accept(ASN1Primitive.fromByteArray(CertificateExtensions.valueOfPresent(certificate, identifier)));
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static void readAuthority(ASN1Primitive value) {
        ASN1Integer mostIntermediates = BasicConstraints.getInstance(value).getPathLenConstraintInteger();
        if (mostIntermediates != null && mostIntermediates.getValue().signum() < 0) {
            throw new IllegalArgumentException("fewer intermediates than none");
        }
    }

    private static void readPurposes(ASN1Primitive value) {
        ExtendedKeyUsage.getInstance(notEmpty(value));
    }

    private static void readNames(ASN1Primitive value) {
        Stream.of(GeneralNames.getInstance(notEmpty(value)).getNames()).forEach(ReadableExtensionsRule::readName);
    }

    /** RFC 5280 §4.2.1.6: host names, mail addresses and URIs are IA5String, addresses have four octets or sixteen. */
    private static void readName(GeneralName name) {
        switch (name.getTagNo()) {
            case GeneralName.dNSName, GeneralName.rfc822Name, GeneralName.uniformResourceIdentifier -> {
                if (!ASN1IA5String.getInstance(name.getName())
                        .getString()
                        .chars()
                        .allMatch(c -> c < 0x80)) {
                    throw new IllegalArgumentException("no IA5String");
                }
            }
            case GeneralName.iPAddress -> new AddressForm().name(name.getName());
            default -> {
                // the reading of the names has told whether it is well-formed
            }
        }
    }

    private static ASN1Primitive notEmpty(ASN1Primitive value) {
        if (ASN1Sequence.getInstance(value).size() == 0) {
            throw new IllegalArgumentException("an empty sequence");
        }
        return value;
    }
}
