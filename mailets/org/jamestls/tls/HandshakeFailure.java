package org.jamestls.tls;

import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jamestls.certificate.CertificateViolationException;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.Violation;

/** Says why a handshake failed: what ended it, and what to do about it. */
final class HandshakeFailure {

    private static final String EXPECTED = "TLS 1.2 or 1.3 ";

    /** The virtual machine's TLS names an alert of the host in the message alone. */
    private static final Pattern ALERT_OF_THE_PLATFORM = Pattern.compile("Received fatal alert: ([a-z_]+)");

    private static final Set<Short> JUDGING_HELLO = Set.of(
            AlertDescription.handshake_failure,
            AlertDescription.insufficient_security,
            AlertDescription.protocol_version,
            AlertDescription.unrecognized_name);

    /** How the libraries tell of a record of no known type. */
    private static final List<String> NOT_TLS = List.of("unrecognized SSL message", "Unsupported UNKNOWN");

    private static final String LIMIT = "maximum";

    private HandshakeFailure() {}

    /**
     * The certificate's violation, when it is what ended the handshake; otherwise that the handshake failed.
     *
     * @param clientCertificateWanted whether the host had asked for a certificate of ours
     */
    static PolicyViolation violation(Throwable failure, boolean clientCertificateWanted) {
        return causes(failure, CertificateViolationException.class)
                .map(CertificateViolationException::violation)
                .orElseGet(() -> handshakeFailed(failure, clientCertificateWanted));
    }

    /** The handshake had no more time. */
    static PolicyViolation timedOut(Duration limit) {
        return violation(HandshakeEnd.TIMED_OUT, HandshakeEnd.TIMED_OUT.words() + " after " + limit.toMillis() + " ms");
    }

    /**
     * The connection ended when the handshake was over on this side, before the host had said anything.
     *
     * @param told what to say where nothing is known of the reason
     */
    static PolicyViolation afterwards(Throwable failure, boolean clientCertificateWanted, String told) {
        if (clientCertificateWanted
                && causes(failure, InterruptedIOException.class).isEmpty()) {
            return ended(HandshakeEnd.CLIENT_CERTIFICATE, told);
        }
        return alertReceived(failure)
                .map(description -> received(description, clientCertificateWanted))
                .orElseGet(() -> violation(HandshakeEnd.OTHER, told));
    }

    /** The certificates that were judged; empty when something else ended the handshake. */
    static List<X509Certificate> presented(Throwable failure) {
        return causes(failure, CertificateViolationException.class)
                .map(CertificateViolationException::presented)
                .orElse(List.of());
    }

    private static PolicyViolation handshakeFailed(Throwable failure, boolean clientCertificateWanted) {
        return alertReceived(failure)
                .map(description -> received(description, clientCertificateWanted))
                .or(() -> endOfConnection(failure)
                        .map(how -> ended(
                                clientCertificateWanted ? HandshakeEnd.CLIENT_CERTIFICATE : HandshakeEnd.CLOSED, how)))
                .or(() -> causes(failure, TlsFatalAlert.class).map(HandshakeFailure::raised))
                .or(() -> causes(failure, RuntimeException.class).map(e -> ended(HandshakeEnd.OWN_FAULT, e.toString())))
                .orElseGet(() -> ended(endByText(told(failure)), told(failure)));
    }

    /** Whether the host has said that it read our first message and found nothing in it that it could go on with. */
    static boolean judgesHello(Throwable failure) {
        return alertReceived(failure).filter(JUDGING_HELLO::contains).isPresent();
    }

    /** How the connection ended, when the host or the network ended it. */
    private static Optional<String> endOfConnection(Throwable failure) {
        return causes(failure, EOFException.class)
                .map(e -> "closed inside a message")
                .or(() -> causes(failure, SocketException.class).map(HandshakeFailure::told))
                .or(() -> causes(failure, TlsFatalAlert.class)
                        // raised on this side when the host ends the connection between two records
                        .filter(alert -> alert.getAlertDescription() == AlertDescription.handshake_failure
                                && alert.getCause() == null)
                        .map(alert -> "closed"));
    }

    private static Optional<Short> alertReceived(Throwable failure) {
        return causes(failure, TlsFatalAlertReceived.class)
                .map(TlsFatalAlertReceived::getAlertDescription)
                .or(() -> all(failure)
                        .map(cause -> ALERT_OF_THE_PLATFORM.matcher(told(cause)))
                        .filter(Matcher::find)
                        .map(alert -> described(alert.group(1)))
                        .findFirst());
    }

    private static short described(String name) {
        return (short) IntStream.rangeClosed(0, 255)
                .filter(description ->
                        AlertDescription.getName((short) description).equals(name))
                .findFirst()
                .orElse(AlertDescription.internal_error);
    }

    private static PolicyViolation received(short description, boolean clientCertificateWanted) {
        return ended(
                HandshakeEnd.received(description, clientCertificateWanted),
                "alert " + AlertDescription.getName(description) + " received");
    }

    private static PolicyViolation raised(TlsFatalAlert alert) {
        HandshakeEnd byText = endByText(told(alert));
        return ended(
                byText == HandshakeEnd.OTHER ? HandshakeEnd.raised(alert.getAlertDescription()) : byText,
                "alert " + told(alert) + " sent");
    }

    private static HandshakeEnd endByText(String told) {
        if (NOT_TLS.stream().anyMatch(told::contains)) {
            return HandshakeEnd.NOT_TLS;
        }
        return told.contains(LIMIT) ? HandshakeEnd.OVER_LIMIT : HandshakeEnd.OTHER;
    }

    private static PolicyViolation ended(HandshakeEnd end, String detail) {
        // how the end of a host that wants our certificate arrives is a matter of chance
        return violation(end, end == HandshakeEnd.CLIENT_CERTIFICATE ? end.words() : end.words() + ": " + detail);
    }

    private static PolicyViolation violation(HandshakeEnd end, String presented) {
        return new PolicyViolation(Violation.HANDSHAKE_FAILED, EXPECTED + end.wanted(), presented);
    }

    private static String told(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static <T extends Throwable> Optional<T> causes(Throwable failure, Class<T> type) {
        return all(failure).filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Stream<Throwable> all(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }
}
