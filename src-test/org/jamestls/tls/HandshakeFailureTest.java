package org.jamestls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLProtocolException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The causes, in words. What the libraries throw is made here; that they throw it, other tests show. */
class HandshakeFailureTest {

    private static final boolean ASKED = true;
    private static final boolean NOT_ASKED = false;

    /** What was thrown, whether the host had asked for a client certificate, what is said of it. */
    static final List<Arguments> CAUSES = List.of(
            arguments(received(AlertDescription.handshake_failure), NOT_ASKED, HandshakeEnd.NOTHING_IN_COMMON),
            arguments(received(AlertDescription.insufficient_security), NOT_ASKED, HandshakeEnd.NOTHING_IN_COMMON),
            arguments(received(AlertDescription.protocol_version), NOT_ASKED, HandshakeEnd.OLD_VERSION),
            arguments(received(AlertDescription.unrecognized_name), NOT_ASKED, HandshakeEnd.UNKNOWN_NAME),
            arguments(received(AlertDescription.close_notify), NOT_ASKED, HandshakeEnd.CLOSED),
            arguments(received(AlertDescription.internal_error), NOT_ASKED, HandshakeEnd.GAVE_UP),
            arguments(received(AlertDescription.internal_error), ASKED, HandshakeEnd.GAVE_UP),
            arguments(received(AlertDescription.bad_certificate), NOT_ASKED, HandshakeEnd.GAVE_UP),
            arguments(received(AlertDescription.bad_certificate), ASKED, HandshakeEnd.CLIENT_CERTIFICATE),
            arguments(received(AlertDescription.handshake_failure), ASKED, HandshakeEnd.CLIENT_CERTIFICATE),
            arguments(received(AlertDescription.certificate_required), NOT_ASKED, HandshakeEnd.CLIENT_CERTIFICATE),
            arguments(platform("Received fatal alert: handshake_failure"), NOT_ASKED, HandshakeEnd.NOTHING_IN_COMMON),
            arguments(
                    platform("(protocol_version) Received fatal alert: protocol_version"),
                    NOT_ASKED,
                    HandshakeEnd.OLD_VERSION),
            arguments(platform("Received fatal alert: bad_certificate"), ASKED, HandshakeEnd.CLIENT_CERTIFICATE),
            arguments(new EOFException(), NOT_ASKED, HandshakeEnd.CLOSED),
            arguments(
                    new SSLHandshakeException("Remote host terminated the handshake")
                            .initCause(new EOFException("SSL peer shut down incorrectly")),
                    NOT_ASKED,
                    HandshakeEnd.CLOSED),
            arguments(new SocketException("Connection reset"), NOT_ASKED, HandshakeEnd.CLOSED),
            arguments(new SocketException("Broken pipe"), ASKED, HandshakeEnd.CLIENT_CERTIFICATE),
            arguments(new TlsFatalAlert(AlertDescription.handshake_failure), NOT_ASKED, HandshakeEnd.CLOSED),
            arguments(raised(AlertDescription.protocol_version, "old"), NOT_ASKED, HandshakeEnd.OLD_VERSION),
            arguments(
                    raised(AlertDescription.unexpected_message, "Unsupported UNKNOWN(53)"),
                    NOT_ASKED,
                    HandshakeEnd.NOT_TLS),
            arguments(new SSLException("Unsupported or unrecognized SSL message"), NOT_ASKED, HandshakeEnd.NOT_TLS),
            arguments(raised(AlertDescription.unexpected_message, "order"), NOT_ASKED, HandshakeEnd.OFF_PROTOCOL),
            arguments(raised(AlertDescription.illegal_parameter, "group"), NOT_ASKED, HandshakeEnd.OFF_PROTOCOL),
            arguments(raised(AlertDescription.decode_error, "length"), NOT_ASKED, HandshakeEnd.OFF_PROTOCOL),
            arguments(raised(AlertDescription.decrypt_error, "signature"), NOT_ASKED, HandshakeEnd.WRONG_SIGNATURE),
            arguments(raised(AlertDescription.insufficient_security, "group"), NOT_ASKED, HandshakeEnd.TOO_WEAK),
            arguments(raised(AlertDescription.bad_certificate, "DER"), NOT_ASKED, HandshakeEnd.UNUSABLE_CERTIFICATE),
            arguments(
                    raised(AlertDescription.unsupported_certificate, "key"),
                    NOT_ASKED,
                    HandshakeEnd.UNUSABLE_CERTIFICATE),
            arguments(
                    raised(AlertDescription.certificate_unknown, "feature"),
                    NOT_ASKED,
                    HandshakeEnd.UNUSABLE_CERTIFICATE),
            arguments(
                    raised(AlertDescription.internal_error, "Certificate chain longer than maximum (10)"),
                    NOT_ASKED,
                    HandshakeEnd.OVER_LIMIT),
            arguments(
                    raised(
                            AlertDescription.internal_error,
                            "Handshake message length exceeds the maximum: certificate(11), 40000 > 32768"),
                    NOT_ASKED,
                    HandshakeEnd.OVER_LIMIT),
            arguments(
                    new SSLProtocolException(
                            "The certificate chain length (12) exceeds the maximum allowed length (10)"),
                    NOT_ASKED,
                    HandshakeEnd.OVER_LIMIT),
            arguments(raised(AlertDescription.internal_error, "a bug"), NOT_ASKED, HandshakeEnd.OWN_FAULT),
            arguments(new IllegalStateException("a bug"), NOT_ASKED, HandshakeEnd.OWN_FAULT),
            arguments(platform("No name matches"), NOT_ASKED, HandshakeEnd.OTHER));

    private static IOException received(short description) {
        return new IOException(new TlsFatalAlertReceived(description));
    }

    private static IOException raised(short description, String detail) {
        return new TlsFatalAlert(description, detail);
    }

    private static IOException platform(String message) {
        return new SSLHandshakeException(message);
    }

    @ParameterizedTest(name = "{0}, client certificate asked for: {1} -> {2}")
    @FieldSource("CAUSES")
    void violationShouldSayWhatEndedTheHandshakeAndWhatToDo(Throwable thrown, boolean asked, HandshakeEnd end) {
        PolicyViolation violation = HandshakeFailure.violation(thrown, asked);

        assertThat(violation.violation()).isEqualTo(Violation.HANDSHAKE_FAILED);
        assertThat(violation.presented()).startsWith(end.words());
        assertThat(violation.expected()).isEqualTo("TLS 1.2 or 1.3 " + end.wanted());
    }

    @ParameterizedTest
    @EnumSource(HandshakeEnd.class)
    void everyEndShouldHaveWordsThatAnOperatorKnows(HandshakeEnd end) {
        assertThat((end.words() + end.wanted()).toLowerCase(Locale.ROOT)).doesNotContain("_", "alert", "null");
        assertThat("TLS 1.2 or 1.3 " + end.wanted()).hasSizeLessThan(256);
    }

    @Test
    void limitShouldBeNamed() {
        assertThat(HandshakeFailure.violation(
                                raised(AlertDescription.internal_error, "Certificate chain longer than maximum (10)"),
                                NOT_ASKED)
                        .presented())
                .contains("longer than maximum (10)");
        assertThat(HandshakeFailure.timedOut(Duration.ofSeconds(5)).presented()).isEqualTo("timed out after 5000 ms");
    }

    @Test
    void silenceAfterTheHandshakeShouldNotBeTakenForTheWantOfAClientCertificate() {
        assertThat(HandshakeFailure.afterwards(new SocketTimeoutException(), ASKED, "timed out at EHLO")
                        .presented())
                .isEqualTo("timed out at EHLO");
        assertThat(HandshakeFailure.afterwards(new EOFException(), NOT_ASKED, "connection lost at EHLO")
                        .presented())
                .isEqualTo("connection lost at EHLO");
        assertThat(HandshakeFailure.afterwards(new EOFException(), ASKED, "connection lost at EHLO")
                        .presented())
                .isEqualTo("the host asked for a client certificate, and went no further without");
    }
}
