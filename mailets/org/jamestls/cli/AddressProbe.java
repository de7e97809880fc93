package org.jamestls.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jamestls.certificate.PresentedCertificate;
import org.jamestls.policy.HostAndPort;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.routing.MailHost;

/**
 * What one address of a mail host showed.
 *
 * @param mailHost the mail host
 * @param address the address; empty when the host has none
 * @param satisfied whether the connection satisfies the policy
 * @param usable whether mail would be sent over it: when it satisfies, or its violation is only reported
 * @param tls what was negotiated; empty where there was no TLS
 * @param violation why the connection does not satisfy the policy
 * @param failure why there was no connection to judge, or none to use
 * @param chain the certificates presented, the host's own first
 * @param at when
 */
record AddressProbe(
        MailHost mailHost,
        Optional<IpAddress> address,
        boolean satisfied,
        boolean usable,
        Optional<NegotiatedTls> tls,
        Optional<PolicyViolation> violation,
        Optional<String> failure,
        List<PresentedCertificate> chain,
        Instant at) {

    /** @param reported the violation that does not keep mail from being sent */
    static AddressProbe usable(
            MailHost host,
            IpAddress address,
            Optional<PolicyViolation> reported,
            Optional<NegotiatedTls> tls,
            List<PresentedCertificate> chain,
            Instant at) {
        return new AddressProbe(
                host, Optional.of(address), reported.isEmpty(), true, tls, reported, Optional.empty(), chain, at);
    }

    static AddressProbe violated(
            MailHost host,
            Optional<IpAddress> address,
            PolicyViolation violation,
            List<PresentedCertificate> chain,
            Instant at) {
        return new AddressProbe(
                host, address, false, false, Optional.empty(), Optional.of(violation), Optional.empty(), chain, at);
    }

    static AddressProbe failed(
            MailHost host, Optional<IpAddress> address, String failure, List<PresentedCertificate> chain, Instant at) {
        return new AddressProbe(
                host, address, false, false, Optional.empty(), Optional.empty(), Optional.of(failure), chain, at);
    }

    /** The host with its address and port. */
    String where() {
        return address.filter(ip -> !mailHost.host().equals(ip))
                .map(ip -> mailHost.host().text() + " [" + ip.text() + "]:" + mailHost.port())
                .orElseGet(() -> new HostAndPort(mailHost.host(), mailHost.port()).toString());
    }

    /** Whether the policy would refuse the connection if it were enforced. */
    boolean reported() {
        return usable && !satisfied;
    }

    /** In one word why not, for tables. */
    Optional<String> reason() {
        return violation
                .map(told ->
                        (reported() ? "report only: " : "") + told.violation().label())
                .or(() -> failure.map(told -> "no usable connection"));
    }

    /** Whole days until the host's own certificate expires; below zero when it has. */
    Optional<Long> daysLeft() {
        return chain.stream().findFirst().map(this::daysLeft);
    }

    /** As {@link #daysLeft()}, of any certificate of the chain. */
    long daysLeft(PresentedCertificate certificate) {
        return Math.floorDiv(ChronoUnit.SECONDS.between(at, certificate.notAfter()), 24 * 60 * 60);
    }

    Json json() {
        return new Json()
                .put("host", mailHost.host().text())
                .put("port", mailHost.port())
                .put("address", address.map(IpAddress::text))
                .put("source", mailHost.source().label())
                .put("satisfied", satisfied)
                .put("usable", usable)
                .put("violation", violation.map(told -> told.violation().label()))
                .put("code", violation.map(told -> told.violation().temporaryCode()))
                .put(
                        "reason",
                        violation.map(told -> told.violation().description()).or(() -> failure))
                .put("expected", violation.map(PolicyViolation::expected))
                .put("presented", violation.map(PolicyViolation::presented).or(this::ownCertificate))
                .put("protocol", tls.map(NegotiatedTls::protocol))
                .put("cipherSuite", tls.map(NegotiatedTls::cipherSuite))
                .put("keyExchange", tls.map(NegotiatedTls::keyExchange))
                .put("daysLeft", daysLeft())
                .put("chain", chain.stream().map(this::json).toList());
    }

    private Optional<String> ownCertificate() {
        return chain.stream().findFirst().map(CertificateText::names);
    }

    private Json json(PresentedCertificate certificate) {
        return new Json()
                .put("subject", certificate.subject())
                .put("issuer", certificate.issuer())
                .put("dnsNames", certificate.dnsNames())
                .put("ipAddresses", certificate.ipAddresses())
                .put("notBefore", certificate.notBefore())
                .put("notAfter", certificate.notAfter())
                .put("daysLeft", daysLeft(certificate))
                .put("sha256", certificate.sha256())
                .put("publicKeySha256", certificate.publicKeySha256());
    }
}
