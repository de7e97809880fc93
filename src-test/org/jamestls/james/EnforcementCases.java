package org.jamestls.james;

import static org.jamestls.james.EnforcementCase.Expected.deliveredInTheClear;
import static org.jamestls.james.EnforcementCase.Expected.deliveredOverTls;
import static org.jamestls.james.EnforcementCase.Expected.reported;
import static org.jamestls.james.EnforcementCase.Expected.violation;
import static org.jamestls.james.Stage.presenting;
import static org.jamestls.james.Stage.worthless;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jamestls.james.EnforcementCase.Expected;
import org.jamestls.policy.Violation;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.Fault;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ReceivingServer.StartTls;

/** Every situation that decides whether a connection satisfies a policy. */
public final class EnforcementCases {

    private static final String MX = "mx.bank.example";
    private static final String STRONG = "<domain name='bank.example'/>";
    private static final String RELAXED =
            "<domain name='bank.example'><certificateValidation>relaxed</certificateValidation></domain>";
    private static final String EXCLUDING = "<domain name='bank.example'><excludedSubDomains>"
            + "<subDomain>lists.bank.example</subDomain></excludedSubDomains></domain>"
            + "<domain name='private.lists.bank.example'/>";

    private static final String ELSEWHERE = "mx.elsewhere.example";
    private static final String AT_MAIL_HOSTS = mailHosts("", "*.mail.bank.example");
    private static final Set<Violation> WITHOUT_TLS =
            EnumSet.of(Violation.STARTTLS_NOT_OFFERED, Violation.STARTTLS_REFUSED, Violation.HANDSHAKE_FAILED);

    private final List<EnforcementCase> cases = new ArrayList<>();

    private EnforcementCases() {}

    public static Stream<EnforcementCase> all() {
        EnforcementCases all = new EnforcementCases();
        all.domains();
        all.startTls();
        all.certificates();
        all.names();
        all.trustedNames();
        all.relaxed();
        all.staticRoutes();
        all.severalHosts();
        all.mailHosts();
        all.reportEveryViolation();
        all.report();
        return all.cases.stream();
    }

    private void domains() {
        atMx("strong, the SAN matches", STRONG, s -> s.trustedFor(MX), deliveredOverTls(MX));
        add(
                "a sub-domain inherits, and is satisfied",
                atMx("sub.bank.example", s -> s.trustedFor("mx.sub.bank.example")),
                STRONG,
                "user@sub.bank.example",
                deliveredOverTls("mx.sub.bank.example"));
        add(
                "a sub-domain inherits, and is not satisfied",
                atMx("a.b.bank.example", s -> ReceivingServer.builder()),
                STRONG,
                "user@a.b.bank.example",
                violation(Violation.STARTTLS_NOT_OFFERED));
        add(
                "an excluded sub-domain goes out as other domains do",
                atMx("lists.bank.example", s -> presenting(worthless())),
                EXCLUDING,
                "user@lists.bank.example",
                deliveredOverTls("mx.lists.bank.example"));
        add(
                "so does a name below it, in the clear where STARTTLS is missing",
                atMx("old.lists.bank.example", s -> ReceivingServer.builder()),
                EXCLUDING,
                "user@old.lists.bank.example",
                deliveredInTheClear("mx.old.lists.bank.example"));
        add(
                "a listed name below an excluded one is enforced",
                atMx("private.lists.bank.example", s -> ReceivingServer.builder()),
                EXCLUDING,
                "user@private.lists.bank.example",
                violation(Violation.STARTTLS_NOT_OFFERED));
        add(
                "an unlisted domain is opportunistic: the handshake fails, one fresh connection in the clear",
                atMx("other.example", s -> s.trustedFor("mx.other.example").startTls(StartTls.BROKEN_OFF)),
                STRONG,
                "user@other.example",
                deliveredInTheClear("mx.other.example"));
        add(
                "an unlisted domain where TLS is required",
                atMx("other.example", s -> ReceivingServer.builder()),
                STRONG + "<otherDomains><tls>required</tls></otherDomains>",
                "user@other.example",
                violation(Violation.STARTTLS_NOT_OFFERED));
        add(
                "an unlisted domain where TLS is switched off",
                atMx("other.example", s -> s.trustedFor("mx.other.example")),
                STRONG + "<otherDomains><tls>none</tls></otherDomains>",
                "user@other.example",
                deliveredInTheClear("mx.other.example"));
        add(
                "upper case in the recipient",
                atMx("bank.example", s -> ReceivingServer.builder()),
                STRONG,
                "user@BANK.Example",
                violation(Violation.STARTTLS_NOT_OFFERED));
        add(
                "a U-label in the file, an A-label in the recipient",
                atMx("xn--bcher-kva.example", s -> ReceivingServer.builder()),
                "<domain name='B\u00dcCHER.example'/>",
                "user@xn--bcher-kva.example",
                violation(Violation.STARTTLS_NOT_OFFERED));
    }

    private void startTls() {
        atMx(
                "STARTTLS is not offered",
                STRONG,
                s -> ReceivingServer.builder(),
                violation(Violation.STARTTLS_NOT_OFFERED));
        atMx(
                "STARTTLS is answered 454",
                STRONG,
                s -> s.trustedFor(MX).startTls(StartTls.REFUSED),
                violation(Violation.STARTTLS_REFUSED));
        atMx(
                "the handshake is broken off",
                STRONG,
                s -> s.trustedFor(MX).startTls(StartTls.BROKEN_OFF),
                violation(Violation.HANDSHAKE_FAILED));
        for (Moment moment : List.of(Moment.STARTTLS, Moment.EHLO_OVER_TLS)) {
            atMx(
                    "the connection is closed at " + moment,
                    STRONG,
                    s -> s.trustedFor(MX).fault(moment, Fault.CLOSE),
                    violation(Violation.HANDSHAKE_FAILED));
            add(
                    "an unlisted domain is opportunistic: the connection is closed at " + moment,
                    atMx("other.example", s -> s.trustedFor("mx.other.example").fault(moment, Fault.CLOSE)),
                    STRONG,
                    "user@other.example",
                    deliveredInTheClear("mx.other.example"));
        }
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            atMx(
                    "the host demands a client certificate, " + protocol,
                    STRONG,
                    s -> s.trustedFor(MX).protocols(protocol).demandingClientCertificate(),
                    violation(Violation.HANDSHAKE_FAILED));
            add(
                    "an unlisted domain is opportunistic: the host demands a client certificate, " + protocol,
                    atMx(
                            "other.example",
                            s -> s.trustedFor("mx.other.example")
                                    .protocols(protocol)
                                    .demandingClientCertificate()),
                    STRONG,
                    "user@other.example",
                    deliveredInTheClear("mx.other.example"));
        }
        atMx(
                "bytes in the clear follow the 220",
                STRONG,
                s -> s.trustedFor(MX).startTls(StartTls.FOLLOWED_BY_CLEAR_TEXT),
                violation(Violation.HANDSHAKE_FAILED));
    }

    private void certificates() {
        presented(
                "expired",
                s -> s.trusted.issue(new Request("CN=" + MX).dnsName(MX).expired()),
                violation(Violation.CERTIFICATE_EXPIRED));
        presented(
                "not yet valid",
                s -> s.trusted.issue(new Request("CN=" + MX).dnsName(MX).notYetValid()),
                violation(Violation.CERTIFICATE_NOT_YET_VALID));
        presented(
                "self-signed",
                s -> CertificateAuthority.selfSigned(new Request("CN=" + MX).dnsName(MX)),
                violation(Violation.CERTIFICATE_NOT_TRUSTED));
        presented("unknown root", s -> s.unknown.issueFor(MX), violation(Violation.CERTIFICATE_NOT_TRUSTED));
        presented(
                "an intermediate that is presented",
                s -> s.trusted.intermediate("Intermediate").issueFor(MX),
                deliveredOverTls(MX));
        presented(
                "an intermediate that is missing",
                s -> s.trusted.intermediate("Intermediate").issueFor(MX).withoutIntermediates(),
                violation(Violation.CERTIFICATE_NOT_TRUSTED));
        presented(
                "for clients only",
                s -> s.trusted.issue(new Request("CN=" + MX).dnsName(MX).clientsOnly()),
                violation(Violation.CERTIFICATE_NOT_TRUSTED));
        presented(
                "the CA's name constraints forbid the SAN",
                s -> constrained(s).issue(new Request("CN=" + MX).dnsName(MX)),
                violation(Violation.CERTIFICATE_NOT_TRUSTED));
        presented(
                "the CA's name constraints forbid the name that the CN alone bears",
                s -> constrained(s).issue(new Request("CN=" + MX)),
                violation(Violation.CERTIFICATE_NOT_TRUSTED));
        presented(
                "only the CN matches, below a CA with name constraints that allow it",
                s -> s.trusted
                        .intermediate(new Request("CN=Constrained").permittedDnsNames("bank.example"))
                        .issue(new Request("CN=" + MX)),
                violation(Violation.CERTIFICATE_NAME_MISMATCH));
    }

    private static CertificateAuthority constrained(Stage stage) {
        return stage.trusted.intermediate(new Request("CN=Constrained").permittedDnsNames("partner.example"));
    }

    private void names() {
        presented("only the CN matches", s -> s.trusted.issue(new Request("CN=" + MX)), deliveredOverTls(MX));
        presented(
                "the CN matches beside SANs that do not",
                s -> s.trusted.issue(new Request("CN=" + MX).dnsName("elsewhere.example")),
                deliveredOverTls(MX));
        presented(
                "wrong name",
                s -> s.trusted.issueFor("elsewhere.example"),
                violation(Violation.CERTIFICATE_NAME_MISMATCH));
        presented("a wildcard for one label", s -> s.trusted.issueFor("*.bank.example"), deliveredOverTls(MX));
        presented(
                "a wildcard that would have to cover two labels",
                s -> s.trusted.issueFor("*.example"),
                violation(Violation.CERTIFICATE_NAME_MISMATCH));
        presented(
                "a wildcard that is not the whole label",
                s -> s.trusted.issueFor("m*.bank.example"),
                violation(Violation.CERTIFICATE_NAME_MISMATCH));
    }

    private void trustedNames() {
        String trusting = "<domain name='bank.example'><trustedCommonNames>"
                + "<commonName>mx.hosting.example</commonName></trustedCommonNames></domain>";
        Request named = new Request("CN=mx.hosting.example");
        atMx(
                "wrong name, but the CN is a trusted common name",
                trusting,
                s -> presenting(s.trusted.issue(named)),
                deliveredOverTls(MX));
        atMx(
                "wrong name, but a DNS SAN is a trusted common name, without a CN",
                trusting,
                s -> presenting(s.trusted.issue(new Request("O=Hosting").dnsName("mx.hosting.example"))),
                deliveredOverTls(MX));
        atMx(
                "a trusted common name does not mend an expired certificate",
                trusting,
                s -> presenting(s.trusted.issue(new Request("CN=mx.hosting.example").expired())),
                violation(Violation.CERTIFICATE_EXPIRED));
        atMx(
                "a trusted common name does not mend an unknown root",
                trusting,
                s -> presenting(s.unknown.issue(new Request("CN=mx.hosting.example"))),
                violation(Violation.CERTIFICATE_NOT_TRUSTED));
        atMx(
                "a name that is neither the host's nor trusted",
                trusting,
                s -> presenting(s.trusted.issueFor("elsewhere.example")),
                violation(Violation.CERTIFICATE_NAME_MISMATCH));
    }

    private void relaxed() {
        atMx(
                "relaxed: self-signed, expired and of another name",
                RELAXED,
                s -> presenting(worthless()),
                deliveredOverTls(MX));
        atMx(
                "relaxed without STARTTLS",
                RELAXED,
                s -> ReceivingServer.builder(),
                violation(Violation.STARTTLS_NOT_OFFERED));
        atMx(
                "relaxed, the handshake is broken off",
                RELAXED,
                s -> s.trustedFor(MX).startTls(StartTls.BROKEN_OFF),
                violation(Violation.HANDSHAKE_FAILED));
    }

    private void staticRoutes() {
        Consumer<Stage> byName = elsewhere(s -> {
            ReceivingServer server = s.hidden("route", s.trustedFor("gate.bank.example"));
            s.dns.address("gate.bank.example", server.address());
        });
        add(
                "static route host:port",
                byName,
                s -> route("gate.bank.example:" + s.server("route").port(), ""),
                "user@bank.example",
                deliveredOverTls("route"));
        byAddress(
                "IP:port, an IP SAN",
                "127.0.0.1",
                s -> s.trusted.issue(new Request("CN=gate").ipAddress("127.0.0.1")),
                "",
                deliveredOverTls("route"));
        byAddress(
                "[IPv6]:port, an IP SAN",
                "::1",
                s -> s.trusted.issue(new Request("CN=gate").ipAddress("::1")),
                "",
                deliveredOverTls("route"));
        byAddress(
                "IP:port, no IP SAN",
                "127.0.0.1",
                s -> s.trusted.issueFor("gate.bank.example"),
                "",
                violation(Violation.CERTIFICATE_NAME_MISMATCH));
        byAddress(
                "IP:port, a CN that looks like the address",
                "127.0.0.1",
                s -> s.trusted.issue(new Request("CN=127.0.0.1")),
                "",
                violation(Violation.CERTIFICATE_NAME_MISMATCH));
        byAddress(
                "IP:port, a trusted common name",
                "127.0.0.1",
                s -> s.trusted.issueFor("gate.bank.example"),
                "<trustedCommonNames><commonName>gate.bank.example</commonName></trustedCommonNames>",
                deliveredOverTls("route"));
    }

    private void byAddress(
            String name,
            String loopback,
            Function<Stage, HeldCertificate> certificate,
            String more,
            Expected expected) {
        add(
                "static route " + name,
                elsewhere(
                        s -> s.hidden("route", presenting(certificate.apply(s)).address(loopback))),
                s -> route(
                        Stage.loopback(s.server("route")) + ":"
                                + s.server("route").port(),
                        more),
                "user@bank.example",
                expected);
    }

    /** The MX points to a host that must not be asked. */
    private static Consumer<Stage> elsewhere(Consumer<Stage> route) {
        Consumer<Stage> decoy = s -> s.mx("bank.example", s.trustedFor(MX));
        return decoy.andThen(route);
    }

    private static String route(String route, String more) {
        return "<domain name='bank.example'><mailDelivery>staticRoute</mailDelivery><staticRoute>" + route
                + "</staticRoute>" + more + "</domain>";
    }

    private void severalHosts() {
        add(
                "the first MX violates, the second satisfies",
                s -> {
                    s.host("mx1.bank.example", ReceivingServer.builder());
                    s.host("mx2.bank.example", s.trustedFor("mx2.bank.example"));
                    s.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
                },
                STRONG,
                "user@bank.example",
                deliveredOverTls("mx2.bank.example"));
        add(
                "the first MX is down, the second satisfies",
                s -> {
                    s.host("mx1.bank.example", ReceivingServer.builder()).close();
                    s.host("mx2.bank.example", s.trustedFor("mx2.bank.example"));
                    s.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
                },
                STRONG,
                "user@bank.example",
                deliveredOverTls("mx2.bank.example"));
        add(
                "without MX the domain's address is the mail host",
                s -> s.host("bank.example", s.trustedFor("bank.example")),
                STRONG,
                "user@bank.example",
                deliveredOverTls("bank.example"));
    }

    private void mailHosts() {
        add(
                "mail hosts: an MX that is none of them, with a certificate that is valid for it",
                forgedMx(),
                AT_MAIL_HOSTS,
                "user@bank.example",
                violation(Violation.MAIL_HOST_NOT_ALLOWED));
        add(
                "mail hosts: an MX that is none of them, relaxed",
                forgedMx(),
                mailHosts("<certificateValidation>relaxed</certificateValidation>", "*.mail.bank.example"),
                "user@bank.example",
                violation(Violation.MAIL_HOST_NOT_ALLOWED));
        add(
                "mail hosts: a sub-domain inherits them",
                forgedMx("sub.bank.example"),
                AT_MAIL_HOSTS,
                "user@sub.bank.example",
                violation(Violation.MAIL_HOST_NOT_ALLOWED));
        add(
                "mail hosts: the first MX is none of them and is not asked, the second is one",
                forgedMx().andThen(s -> {
                    s.host("mx1.mail.bank.example", s.trustedFor("mx1.mail.bank.example"));
                    s.dns.mx("bank.example", ELSEWHERE, "mx1.mail.bank.example");
                }),
                AT_MAIL_HOSTS,
                "user@bank.example",
                deliveredOverTls("mx1.mail.bank.example"));
        add(
                "mail hosts: two labels where * stands for one",
                s -> {
                    s.host(ELSEWHERE, s.trustedFor("a.mx1.mail.bank.example"));
                    s.dns.address("a.mx1.mail.bank.example", s.server(ELSEWHERE).address());
                    s.dns.mx("bank.example", "a.mx1.mail.bank.example");
                },
                AT_MAIL_HOSTS,
                "user@bank.example",
                violation(Violation.MAIL_HOST_NOT_ALLOWED));
        add(
                "mail hosts: one of them violates",
                atMx("bank.example", s -> presenting(s.trusted.issueFor("elsewhere.example"))),
                mailHosts("", MX),
                "user@bank.example",
                violation(Violation.CERTIFICATE_NAME_MISMATCH));
        add(
                "mail hosts: without MX the domain's own name has to be one of them, and is",
                s -> s.host("bank.example", s.trustedFor("bank.example")),
                mailHosts("", "bank.example"),
                "user@bank.example",
                deliveredOverTls("bank.example"));
    }

    private static Consumer<Stage> forgedMx() {
        return forgedMx("bank.example");
    }

    /** Whoever forges the MX record has a host of their own, whose certificate proves its name. */
    private static Consumer<Stage> forgedMx(String domain) {
        return s -> {
            s.host(ELSEWHERE, s.trustedFor(ELSEWHERE));
            s.dns.mx(domain, ELSEWHERE);
        };
    }

    private static String mailHosts(String more, String pattern) {
        return "<domain name='bank.example'>" + more + "<mailHosts><mailHost>" + pattern
                + "</mailHost></mailHosts></domain>";
    }

    /** Whatever a policy refuses, it delivers in report mode to the same host. */
    private void reportEveryViolation() {
        List.copyOf(cases).stream()
                .filter(refused -> refused.expected().violation().isPresent())
                .filter(refused -> !refused.recipient().endsWith("@other.example"))
                .forEach(refused -> add(
                        "report mode: " + refused.name(),
                        refused.stage(),
                        s -> reporting(refused.policy().apply(s)),
                        refused.recipient(),
                        Expected.reported(
                                host(refused),
                                !WITHOUT_TLS.contains(
                                        refused.expected().violation().get()),
                                refused.expected().violation().get())));
    }

    private static String reporting(String policy) {
        return policy.replaceAll("<domain (name='[^']*')/>", "<domain $1></domain>")
                .replaceAll("<domain name='[^']*'>", "$0<mode>report</mode>");
    }

    private static String host(EnforcementCase refused) {
        if (refused.expected().violation().get() == Violation.MAIL_HOST_NOT_ALLOWED) {
            return ELSEWHERE;
        }
        return refused.name().startsWith("static route")
                ? "route"
                : "mx." + refused.recipient().substring("user@".length()).toLowerCase(Locale.ROOT);
    }

    private void report() {
        atMx("report mode: strong, nothing to report", reporting(STRONG), s -> s.trustedFor(MX), deliveredOverTls(MX));
        atMx(
                "report mode: relaxed, nothing to report",
                reporting(RELAXED),
                s -> presenting(worthless()),
                deliveredOverTls(MX));
        atMx(
                "report mode: STARTTLS is answered 421",
                reporting(STRONG),
                s -> s.trustedFor(MX).reply(SmtpStep.STARTTLS, "421 4.3.0 closing"),
                reported(MX, false, Violation.STARTTLS_REFUSED));
        atMx(
                "report mode: EHLO is unknown",
                reporting(STRONG),
                s -> ReceivingServer.builder().reply(SmtpStep.EHLO, "502 5.5.1 unknown"),
                reported(MX, false, Violation.STARTTLS_NOT_OFFERED));
        add(
                "report mode: the first MX violates and gets the mail",
                s -> {
                    s.host("mx1.bank.example", presenting(s.trusted.issueFor("elsewhere.example")));
                    s.host("mx2.bank.example", s.trustedFor("mx2.bank.example"));
                    s.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
                },
                reporting(STRONG),
                "user@bank.example",
                reported("mx1.bank.example", true, Violation.CERTIFICATE_NAME_MISMATCH));
        add(
                "report mode: the first MX is down, the second violates and gets the mail",
                s -> {
                    s.host("mx1.bank.example", ReceivingServer.builder()).close();
                    s.host("mx2.bank.example", ReceivingServer.builder());
                    s.dns.mx("bank.example", "mx1.bank.example", "mx2.bank.example");
                },
                reporting(STRONG),
                "user@bank.example",
                reported("mx2.bank.example", false, Violation.STARTTLS_NOT_OFFERED));
        add(
                "report mode: an MX that is no mail host and does not offer STARTTLS would not have been asked",
                s -> {
                    s.host(ELSEWHERE, ReceivingServer.builder());
                    s.dns.mx("bank.example", ELSEWHERE);
                },
                reporting(AT_MAIL_HOSTS),
                "user@bank.example",
                reported(ELSEWHERE, false, Violation.MAIL_HOST_NOT_ALLOWED));
    }

    private void atMx(String name, String policy, Function<Stage, ReceivingServer.Builder> host, Expected expected) {
        add(name, atMx("bank.example", host), policy, "user@bank.example", expected);
    }

    private void presented(String name, Function<Stage, HeldCertificate> certificate, Expected expected) {
        atMx("certificate: " + name, STRONG, s -> presenting(certificate.apply(s)), expected);
    }

    private static Consumer<Stage> atMx(String domain, Function<Stage, ReceivingServer.Builder> host) {
        return s -> s.mx(domain, host.apply(s));
    }

    private void add(String name, Consumer<Stage> stage, String policy, String recipient, Expected expected) {
        add(name, stage, s -> policy, recipient, expected);
    }

    private void add(
            String name, Consumer<Stage> stage, Function<Stage, String> policy, String recipient, Expected expected) {
        cases.add(new EnforcementCase(name, stage, policy, recipient, expected));
    }
}
