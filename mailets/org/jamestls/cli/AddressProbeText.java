package org.jamestls.cli;

import java.util.ArrayList;
import java.util.List;
import org.jamestls.certificate.PresentedCertificate;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;

/** What one address showed, for people. */
final class AddressProbeText {

    private final AddressProbe probe;
    private final List<String> lines = new ArrayList<>();

    AddressProbeText(AddressProbe probe) {
        this.probe = probe;
    }

    List<String> lines() {
        lines.add("  " + probe.where() + "  " + verdict());
        probe.violation().ifPresent(this::evidence);
        probe.tls().ifPresent(this::negotiated);
        probe.chain().forEach(this::certificate);
        return lines;
    }

    private String verdict() {
        if (probe.satisfied()) {
            return probe.tls().isPresent() ? "satisfied" : "satisfied, in the clear";
        }
        return probe.violation()
                .map(violation -> (probe.reported() ? "WOULD HAVE BEEN REFUSED: " : "VIOLATION: ")
                        + violation.violation().description() + " ("
                        + violation.violation().label() + ", "
                        + violation.violation().temporaryCode() + ")"
                        + (probe.reported() && probe.tls().isEmpty() ? ", in the clear" : ""))
                .orElseGet(() -> "FAILED: " + probe.failure().orElse(""));
    }

    private void evidence(PolicyViolation violation) {
        line("expected", violation.expected());
        line("presented", violation.presented());
    }

    private void negotiated(NegotiatedTls tls) {
        line("negotiated", tls.protocol() + ", " + tls.cipherSuite() + ", " + tls.keyExchange());
    }

    private void certificate(PresentedCertificate certificate) {
        long days = probe.daysLeft(certificate);
        line("certificate", CertificateText.names(certificate));
        line("  issuer", certificate.issuer());
        line(
                "  valid",
                certificate.notBefore() + " to " + certificate.notAfter() + ", "
                        + (days >= 0 ? days + " days left" : "expired"));
        line("  SHA-256", certificate.sha256());
        line("  key SHA-256", certificate.publicKeySha256());
    }

    private void line(String label, String text) {
        lines.add(String.format("    %-13s  %s", label, text));
    }
}
