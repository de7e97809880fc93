package org.jamestls.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamestls.policy.Violation;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.HeldCertificate;

/**
 * What the demonstration shows, under the sample policy: {@code bank.example} strong by MX, {@code partner.example} strong
 * by static route with a trusted common name, {@code archive.partner.example} relaxed by MX, {@code insurance.example} in
 * report mode with mail hosts.
 */
final class Cases {

    static final String LOCAL_DOMAIN = "sender.example";

    static final String STRONG_DOMAIN = "bank.example";
    private static final String RELAXED_DOMAIN = "archive.partner.example";
    static final String REPORTED_DOMAIN = "insurance.example";

    private static final String EXCLUDED_DOMAIN = "lists.partner.example";
    private static final String TRUSTED_NAME = "mx.hosting.example";

    private final MailHosts hosts;
    private final CertificateAuthority authority;
    /** One attempt and the retries of the sample mailetcontainer.xml. */
    private final int attempts;

    private final Map<String, String> routes = new LinkedHashMap<>();
    private final List<DemoCase> cases = new ArrayList<>();

    private Cases(MailHosts hosts, CertificateAuthority authority, int attempts) {
        this.hosts = hosts;
        this.authority = authority;
        this.attempts = attempts;
    }

    static Cases prepare(MailHosts hosts, CertificateAuthority authority, int attempts) throws IOException {
        Cases cases = new Cases(hosts, authority, attempts);
        cases.strongByMx();
        cases.relaxedByMx();
        cases.staticRoutes();
        cases.otherDomains();
        cases.reportOnly();
        return cases;
    }

    private void strongByMx() throws IOException {
        add(
                "strong, MX, SAN matches",
                delivered(STRONG_DOMAIN, AppliedPolicy.own("strong"), authority.issueFor("mx." + STRONG_DOMAIN)));
        add("a sub-domain inherits", delivered("branch", authority.issueFor("mx.branch." + STRONG_DOMAIN)));
        add(
                "STARTTLS not offered",
                bounced("no-starttls", Optional.empty(), Violation.STARTTLS_NOT_OFFERED, "STARTTLS", ""));
        add(
                "expired",
                bounced(
                        "expired",
                        Optional.of(authority.issue(request("expired").expired())),
                        Violation.CERTIFICATE_EXPIRED,
                        "a chain of certificates valid at ",
                        "CN=mx.expired.bank.example"));
        add(
                "self-signed",
                bounced(
                        "self-signed",
                        Optional.of(CertificateAuthority.selfSigned(request("self-signed"))),
                        Violation.CERTIFICATE_NOT_TRUSTED,
                        "a chain to one of 1 trusted roots",
                        "self-signed"));
        add(
                "unknown root",
                bounced(
                        "unknown-root",
                        Optional.of(CertificateAuthority.root("A root that nobody trusts")
                                .issue(request("unknown-root"))),
                        Violation.CERTIFICATE_NOT_TRUSTED,
                        "a chain to one of 1 trusted roots",
                        "signed by an authority that is neither presented nor trusted"));
        add(
                "wrong name",
                bounced(
                        "wrong-name",
                        Optional.of(authority.issueFor("mx.elsewhere.example")),
                        Violation.CERTIFICATE_NAME_MISMATCH,
                        "mx.wrong-name.bank.example",
                        "CN=mx.elsewhere.example, DNS:mx.elsewhere.example"));
        add(
                "after the last retry, a bounce with it all",
                bounced(
                        "retries",
                        Optional.of(authority.issue(new Request("CN=mx.bank.example").dnsName("*.bank.example"))),
                        Violation.CERTIFICATE_NAME_MISMATCH,
                        "mx.retries.bank.example",
                        "CN=mx.bank.example, DNS:*.bank.example"));
    }

    private void relaxedByMx() throws IOException {
        add(
                "relaxed, self-signed",
                relaxed("self-signed", CertificateAuthority.selfSigned(new Request("CN=anyone.example"))));
        add("relaxed, expired", relaxed("expired", authority.issue(new Request("CN=anyone.example").expired())));
        add("relaxed, wrong name", relaxed("wrong-name", authority.issueFor("mx.elsewhere.example")));
        String domain = "no-starttls." + RELAXED_DOMAIN;
        add(
                "relaxed, STARTTLS not offered",
                new Journey(
                        recipient(domain),
                        AppliedPolicy.inherited("relaxed", RELAXED_DOMAIN),
                        hosts.mx(domain, Optional.empty()),
                        Optional.empty(),
                        new Expectation.Bounced(Violation.STARTTLS_NOT_OFFERED, "STARTTLS", "", attempts)));
    }

    /** Each beside an MX record that leads to a server of its own, where nothing may arrive. */
    private void staticRoutes() throws IOException {
        String byName = "relay.by-name.example";
        MailServer named = hosts.named(byName, Optional.of(authority.issueFor(byName)));
        add("static route host:port", routed("by-name.example", byName + ":" + hosts.port(), named));

        String trustedByName = "relay.trusted-by-name.example";
        MailServer trusted =
                hosts.named(trustedByName, Optional.of(authority.issue(new Request("CN=" + TRUSTED_NAME))));
        add(
                "wrong name, trusted common name equals the CN",
                routed("trusted-by-name.example", trustedByName + ":" + hosts.port(), trusted));

        String address = hosts.nextAddress();
        MailServer withSan = hosts.unnamed(address, authority.issue(new Request("CN=mail host").ipAddress(address)));
        add("static route IP:port, IP SAN", routed("by-address.example", address + ":" + hosts.port(), withSan));

        String withoutSanAddress = hosts.nextAddress();
        MailServer withoutSan = hosts.unnamed(
                withoutSanAddress,
                authority.issue(new Request("CN=" + withoutSanAddress).dnsName("mx.elsewhere.example")));
        add(
                "static route IP:port, no IP SAN",
                routed(
                        "no-ip-san.example",
                        withoutSanAddress + ":" + hosts.port(),
                        withoutSan,
                        new Expectation.Bounced(
                                Violation.CERTIFICATE_NAME_MISMATCH,
                                "(address of the static route), or a trusted common name: " + TRUSTED_NAME,
                                "",
                                attempts)));

        String trustedAddress = hosts.nextAddress();
        MailServer trustedUnnamed = hosts.unnamed(trustedAddress, authority.issue(new Request("CN=" + TRUSTED_NAME)));
        add(
                "static route IP:port, trusted common name",
                routed(ShippedConfiguration.ROUTED_DOMAIN, trustedAddress + ":" + hosts.port(), trustedUnnamed));

        if (hasIpv6()) {
            MailServer ipv6 = hosts.unnamed("::1", authority.issue(new Request("CN=mail host").ipAddress("::1")));
            add("static route [IPv6]:port, IP SAN", routed("by-ipv6.example", "[::1]:" + hosts.port(), ipv6));
        } else {
            System.out.println("This machine has no ::1: the case of a static route [IPv6]:port is left out.");
        }

        String host = "relay.host-alone.example";
        String hostAddress = hosts.nextAddress();
        hosts.addRecord(host + " A " + hostAddress);
        add("static route host, port 25 by default", atPort25("host-alone.example", host));
        add("static route IP, port 25 by default", atPort25("address-alone.example", hosts.nextAddress()));
    }

    private void otherDomains() throws IOException {
        add(
                "an excluded sub-domain goes out as others do",
                inTheClear(
                        EXCLUDED_DOMAIN,
                        AppliedPolicy.otherDomains("excluded by " + ShippedConfiguration.ROUTED_DOMAIN)));
        add(
                "one mail, enforced and ordinary recipient",
                delivered("split", authority.issueFor("mx.split." + STRONG_DOMAIN)),
                inTheClear("ordinary.example", AppliedPolicy.otherDomains("no policy")));
        add(
                "the same, the enforced one's host violates",
                bounced(
                        "split-violation",
                        Optional.of(CertificateAuthority.selfSigned(request("split-violation"))),
                        Violation.CERTIFICATE_NOT_TRUSTED,
                        "a chain to one of 1 trusted roots",
                        "self-signed"),
                inTheClear("ordinary-too.example", AppliedPolicy.otherDomains("no policy")));
    }

    /** Nothing of it would be delivered if the policy were enforced. */
    private void reportOnly() throws IOException {
        add(
                "report only, wrong name: delivered and told",
                reported(
                        REPORTED_DOMAIN,
                        "mx.mail." + REPORTED_DOMAIN,
                        Optional.of(authority.issueFor("mx.elsewhere.example")),
                        new Expectation.Reported(Violation.CERTIFICATE_NAME_MISMATCH, "TLSv1.3")));
        add(
                "report only, STARTTLS not offered: delivered and told",
                reported(
                        "no-starttls." + REPORTED_DOMAIN,
                        "mx-no-starttls.mail." + REPORTED_DOMAIN,
                        Optional.empty(),
                        new Expectation.Reported(Violation.STARTTLS_NOT_OFFERED, "in the clear")));
        String elsewhere = "mx.forged.example";
        add(
                "report only, MX outside mailHosts, valid certificate: delivered and told",
                reported(
                        "forged." + REPORTED_DOMAIN,
                        elsewhere,
                        Optional.of(authority.issueFor(elsewhere)),
                        new Expectation.Reported(Violation.MAIL_HOST_NOT_ALLOWED, "TLSv1.3")));
    }

    private Journey reported(
            String domain, String host, Optional<HeldCertificate> certificate, Expectation.Reported expectation)
            throws IOException {
        AppliedPolicy policy = domain.equals(REPORTED_DOMAIN)
                ? AppliedPolicy.own("strong")
                : AppliedPolicy.inherited("strong", REPORTED_DOMAIN);
        return new Journey(
                recipient(domain),
                policy.with("report only"),
                hosts.mx(domain, host, certificate),
                Optional.empty(),
                expectation);
    }

    private Journey delivered(String label, HeldCertificate certificate) throws IOException {
        return delivered(label + "." + STRONG_DOMAIN, AppliedPolicy.inherited("strong", STRONG_DOMAIN), certificate);
    }

    private Journey delivered(String domain, AppliedPolicy policy, HeldCertificate certificate) throws IOException {
        return new Journey(
                recipient(domain),
                policy,
                hosts.mx(domain, Optional.of(certificate)),
                Optional.empty(),
                new Expectation.OverTls());
    }

    private Journey bounced(
            String label, Optional<HeldCertificate> certificate, Violation violation, String expected, String presented)
            throws IOException {
        String domain = label + "." + STRONG_DOMAIN;
        return new Journey(
                recipient(domain),
                AppliedPolicy.inherited("strong", STRONG_DOMAIN),
                hosts.mx(domain, certificate),
                Optional.empty(),
                new Expectation.Bounced(violation, expected, presented, attempts));
    }

    private Journey relaxed(String label, HeldCertificate certificate) throws IOException {
        return delivered(label + "." + RELAXED_DOMAIN, AppliedPolicy.inherited("relaxed", RELAXED_DOMAIN), certificate);
    }

    private Journey routed(String domain, String route, MailServer server) throws IOException {
        return routed(domain, route, server, new Expectation.OverTls());
    }

    private Journey routed(String domain, String route, MailServer server, Expectation expectation) throws IOException {
        routes.put(domain, route);
        return new Journey(
                recipient(domain),
                AppliedPolicy.own("strong").with("route " + route),
                server,
                Optional.of(hosts.mx(domain, Optional.of(authority.issueFor("mx." + domain)))),
                expectation);
    }

    private Journey atPort25(String domain, String route) throws IOException {
        routes.put(domain, route);
        return new Journey(
                recipient(domain),
                AppliedPolicy.own("strong").with("route " + route),
                hosts.mx(domain, Optional.of(authority.issueFor("mx." + domain))),
                Optional.empty(),
                new Expectation.TriedAtPort25(route));
    }

    private Journey inTheClear(String domain, AppliedPolicy policy) throws IOException {
        return new Journey(
                recipient(domain),
                policy,
                hosts.mxOfOtherDomain(domain),
                Optional.empty(),
                new Expectation.InTheClear());
    }

    private void add(String title, Journey... journeys) {
        cases.add(new DemoCase(title, "case" + (cases.size() + 1) + "@" + LOCAL_DOMAIN, List.of(journeys)));
    }

    private static Request request(String label) {
        String host = "mx." + label + "." + STRONG_DOMAIN;
        return new Request("CN=" + host).dnsName(host);
    }

    private static String recipient(String domain) {
        return "someone@" + domain;
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    List<DemoCase> all() {
        return cases;
    }

    /** The static route of each domain that has one. */
    Map<String, String> routes() {
        return routes;
    }
}
