package org.jamestls.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.OtherDomains;
import org.jamestls.policy.PolicyTable;
import org.jamestls.routing.Resolver;
import org.jamestls.routing.Router;
import org.jamestls.smtp.ClientSettings;
import org.jamestls.smtp.TimeLimits;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.tls.BouncyCastleTlsClient;
import org.jamestls.tls.KeyExchange;
import org.jamestls.tls.TlsClient;
import org.junit.jupiter.api.Test;

/** A rehearsal goes on, whatever is thrown. */
class ProberTest {

    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Test Root");
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final TlsClient TLS = new BouncyCastleTlsClient(
            TrustedRoots.of(List.of(AUTHORITY.certificate())), KeyExchange.CLASSICAL, Clock.systemUTC(), AMPLE);

    private final List<Subject> subjects =
            List.of(Subject.of("broken-dns.example"), Subject.of("bad.example"), Subject.of("good.example"));
    private final PolicyTable table = PolicyTable.of(
            subjects.stream()
                    .map(subject -> DomainPolicy.withDefaults(new DomainName(subject.written())))
                    .toList(),
            OtherDomains.OPPORTUNISTIC);

    /** One domain whose look-up breaks, and two of one mail host each. */
    private static final class Records implements Resolver {
        @Override
        public List<String> mailExchanges(DomainName domain) {
            if (domain.text().equals("broken-dns.example")) {
                throw new IllegalStateException("no such record type");
            }
            return List.of("mx." + domain.text());
        }

        @Override
        public List<InetAddress> addresses(DomainName host) {
            return List.of(InetAddress.getLoopbackAddress());
        }
    }

    private static Error endless() {
        return new StackOverflowError("in the reader of certificates");
    }

    @Test
    void whatIsThrownShouldBeTheResultOfItsHostAlone() throws Exception {
        TlsClient breaking = (socket, host, port, requirement) -> {
            if (host.text().equals("mx.bad.example")) {
                throw endless();
            }
            return TLS.handshake(socket, host, port, requirement);
        };
        try (ReceivingServer server = ReceivingServer.builder()
                        .certificate(AUTHORITY.issueFor("mx.good.example"))
                        .start();
                Prober testee = new Prober(
                        table,
                        new Router(new Records(), Optional.empty(), server.port()),
                        breaking,
                        new ClientSettings("client.example.org", Optional.empty(), TimeLimits.all(AMPLE), true),
                        Optional.empty(),
                        Clock.systemUTC(),
                        2);
                Progress progress = new Progress(false, new PrintWriter(System.err), subjects.size())) {
            List<Probe> probes = testee.probe(subjects, progress);

            assertThat(probes.get(0).reason().orElseThrow()).contains("internal error", "no such record type");
            assertThat(probes.get(1).addresses())
                    .singleElement()
                    .satisfies(address -> assertThat(address.failure().orElseThrow())
                            .contains("internal error", "StackOverflowError"));
            assertThat(probes.get(2).satisfied()).isTrue();
        }
    }
}
