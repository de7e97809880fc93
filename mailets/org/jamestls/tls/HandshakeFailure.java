package org.jamestls.tls;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jamestls.certificate.CertificateViolationException;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.Violation;

/** Says why a handshake failed, by the types of what was thrown. */
final class HandshakeFailure {

    private static final String EXPECTED = "TLS 1.2 or 1.3";

    private HandshakeFailure() {}

    /** The certificate's violation, when it is what ended the handshake; otherwise that the handshake failed. */
    static PolicyViolation violation(Throwable failure) {
        return causes(failure, CertificateViolationException.class)
                .map(CertificateViolationException::violation)
                .orElseGet(() -> handshakeFailed(cause(failure)));
    }

    /** The certificates that were judged; empty when something else ended the handshake. */
    static List<X509Certificate> presented(Throwable failure) {
        return causes(failure, CertificateViolationException.class)
                .map(CertificateViolationException::presented)
                .orElse(List.of());
    }

    static PolicyViolation handshakeFailed(String presented) {
        return new PolicyViolation(Violation.HANDSHAKE_FAILED, EXPECTED, presented);
    }

    private static String cause(Throwable failure) {
        Optional<String> timedOut = Stream.of(SocketTimeoutException.class, TlsTimeoutException.class)
                .filter(type -> causes(failure, type).isPresent())
                .map(type -> "timed out")
                .findFirst();
        return timedOut.or(() -> causes(failure, TlsFatalAlertReceived.class)
                        .map(alert -> "alert " + AlertDescription.getName(alert.getAlertDescription()) + " received"))
                .or(() -> causes(failure, EOFException.class).map(e -> "the connection ended"))
                .or(() -> causes(failure, SocketException.class).map(HandshakeFailure::told))
                .or(() -> causes(failure, TlsFatalAlert.class).map(HandshakeFailure::raised))
                .orElseGet(() -> told(failure));
    }

    private static String raised(TlsFatalAlert alert) {
        // RFC 8446 §6.2: raised on this side too when the peer ends the connection between two records
        return alert.getAlertDescription() == AlertDescription.handshake_failure
                ? "nothing in common, or the connection ended: alert handshake_failure sent"
                : "alert " + AlertDescription.getName(alert.getAlertDescription()) + " sent";
    }

    private static String told(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static <T extends Throwable> Optional<T> causes(Throwable failure, Class<T> type) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
