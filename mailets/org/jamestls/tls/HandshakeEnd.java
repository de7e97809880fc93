package org.jamestls.tls;

import java.util.Set;
import org.bouncycastle.tls.AlertDescription;

/** What can end a handshake, in words, and what to do about it. */
enum HandshakeEnd {
    TIMED_OUT("timed out", "in time: look at the host, and at firewalls on the way to it"),
    CLOSED(
            "the host ended the connection without saying why",
            "as far as the end: the host's log says why it ended, or a firewall on the way did"),
    NOTHING_IN_COMMON(
            "the host has no version, cipher suite, group or signature in common with us",
            "with ECDHE, AES or ChaCha20, and signatures with SHA-256 or better: the host has to enable them"),
    OLD_VERSION("the host speaks no TLS version that we do", "in place of older versions: the host has to enable it"),
    UNKNOWN_NAME("the host does not know the name that we call it by", "under the mail host's name of the DNS"),
    CLIENT_CERTIFICATE(
            "the host asked for a client certificate, and went no further without",
            "without a certificate of the sender: the host has to stop demanding one"),
    GAVE_UP("the host gave up", "as far as the end: the host's log says why it gave up"),
    NOT_TLS("the host sent something that is not TLS", "after the 220 to STARTTLS: the host's TLS set-up is broken"),
    OFF_PROTOCOL(
            "the host does not keep to the rules of TLS", "as in RFC 5246 or RFC 8446: the host has to be updated"),
    UNUSABLE_CERTIFICATE(
            "the host's certificate cannot be used for TLS",
            "with an X.509 certificate: the host has to replace its own"),
    WRONG_SIGNATURE(
            "the host's signature does not fit its certificate",
            "with the private key of the certificate: the host has to install the two together"),
    TOO_WEAK("the host chose a key that is too small", "with ECDHE: the host has to enable it"),
    OVER_LIMIT(
            "the host's certificates are more than is read",
            "with its own certificate and its issuers' alone, or a higher jdk.tls.maxCertificateChainLength or"
                    + " jdk.tls.maxHandshakeMessageSize (Java system properties)"),
    OWN_FAULT("the TLS library failed", "without an internal error: report it, with the host's name"),
    OTHER("the handshake ended", "as far as the end: the host's log may say more");

    /** With these a host may answer that it got no certificate, or none that it trusts (RFC 8446 §6.2). */
    private static final Set<Short> ABOUT_OUR_CERTIFICATE = Set.of(
            AlertDescription.handshake_failure,
            AlertDescription.bad_certificate,
            AlertDescription.unsupported_certificate,
            AlertDescription.certificate_revoked,
            AlertDescription.certificate_expired,
            AlertDescription.certificate_unknown,
            AlertDescription.unknown_ca,
            AlertDescription.access_denied,
            AlertDescription.unexpected_message);

    private final String words;
    private final String wanted;

    HandshakeEnd(String words, String wanted) {
        this.words = words;
        this.wanted = wanted;
    }

    /** What happened. */
    String words() {
        return words;
    }

    /** What has to be, and who has to see to it; goes on after the TLS versions. */
    String wanted() {
        return wanted;
    }

    /**
     * What an alert of the host says.
     *
     * @param description as in RFC 8446 §6
     * @param clientCertificateWanted whether the host had asked for one
     */
    static HandshakeEnd received(short description, boolean clientCertificateWanted) {
        if (clientCertificateWanted && ABOUT_OUR_CERTIFICATE.contains(description)) {
            return CLIENT_CERTIFICATE;
        }
        return switch (description) {
            case AlertDescription.handshake_failure, AlertDescription.insufficient_security -> NOTHING_IN_COMMON;
            case AlertDescription.protocol_version -> OLD_VERSION;
            case AlertDescription.unrecognized_name -> UNKNOWN_NAME;
            case AlertDescription.certificate_required -> CLIENT_CERTIFICATE;
            case AlertDescription.close_notify, AlertDescription.user_canceled -> CLOSED;
            default -> GAVE_UP;
        };
    }

    /** What an alert of ours says of the host. */
    static HandshakeEnd raised(short description) {
        return switch (description) {
            case AlertDescription.handshake_failure -> NOTHING_IN_COMMON;
            case AlertDescription.protocol_version -> OLD_VERSION;
            case AlertDescription.insufficient_security -> TOO_WEAK;
            case AlertDescription.decrypt_error -> WRONG_SIGNATURE;
            case AlertDescription.bad_certificate,
                    AlertDescription.unsupported_certificate,
                    AlertDescription.certificate_unknown -> UNUSABLE_CERTIFICATE;
            case AlertDescription.internal_error -> OWN_FAULT;
            default -> OFF_PROTOCOL;
        };
    }
}
