package org.jamestls.delivery;

import java.util.Optional;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.routing.MailHost;
import org.jamestls.smtp.MailHostAddress;

/**
 * One mail host that was tried, at one of its addresses.
 *
 * @param mailHost the mail host
 * @param address the address; empty when the host has none
 * @param verdict what came of it
 */
public record HostAttempt(MailHost mailHost, Optional<IpAddress> address, Verdict verdict) {

    /** The host with its address and port, for the operator's eyes. */
    String where() {
        return address.map(ip -> mailHost.host().text() + " [" + ip + "]:" + mailHost.port())
                .orElse(mailHost.host().text());
    }

    /**
     * The host as a stranger may see it: an address that the operator configured may belong to the operator's own
     * network, and stays out.
     */
    String publicWhere() {
        if (!mailHost.source().configured()) {
            return where();
        }
        return mailHost.host() instanceof IpAddress
                ? "the " + mailHost.source().label()
                : mailHost.host().text();
    }

    /** Evidence without the address of a host that the operator configured. */
    String publicEvidence(String evidence) {
        return address.map(ip -> publicly(mailHost, ip, evidence)).orElse(evidence);
    }

    /** A text about a mail host without its address, where the operator configured the host. */
    static String publicly(MailHost host, IpAddress address, String text) {
        return host.source().configured()
                ? new ConcealedAddress(
                                address, "(address of the " + host.source().label() + ")")
                        .outOf(text)
                : text;
    }

    /**
     * What came of it as a stranger may see it, in words that do not name the host, so that hosts of which the same is to
     * be said have the same words.
     */
    String publicOutcome() {
        if (verdict instanceof Verdict.Failed failed) {
            return publicEvidence(address.map(this::connectedTo)
                    .map(there -> failed.reason().replace(" to " + there, ""))
                    .orElse(failed.reason()));
        }
        return violation().map(violation -> violation.violation().description()).orElse("did not take the message");
    }

    private MailHostAddress connectedTo(IpAddress ip) {
        return new MailHostAddress(mailHost.host(), ip, mailHost.port());
    }

    Optional<NegotiatedTls> negotiated() {
        return verdict.negotiated();
    }

    /** Why the connection would have been refused if the policy were enforced. */
    Optional<PolicyViolation> reported() {
        return verdict instanceof Verdict.Reported reported ? Optional.of(reported.violation()) : Optional.empty();
    }

    /** Why the connection was refused. */
    Optional<PolicyViolation> violation() {
        return verdict instanceof Verdict.Violated violated ? Optional.of(violated.violation()) : Optional.empty();
    }
}
