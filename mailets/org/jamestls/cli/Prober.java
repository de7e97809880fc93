package org.jamestls.cli;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jamestls.policy.HostAndPort;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.routing.MailHost;
import org.jamestls.routing.Route;
import org.jamestls.routing.Router;
import org.jamestls.routing.TemporaryDnsException;
import org.jamestls.smtp.ClientSettings;
import org.jamestls.smtp.ConnectionTerms;
import org.jamestls.smtp.MailHostAddress;
import org.jamestls.smtp.SmtpClient;
import org.jamestls.smtp.SmtpConnection;
import org.jamestls.smtp.SmtpException;
import org.jamestls.smtp.SmtpFailure;
import org.jamestls.tls.TlsClient;

/**
 * Rehearses deliveries up to the verdict: the route, and a connection to every address of every mail host under what the
 * policy asks for. No mail is sent. Every step of a connection is bounded by the settings.
 */
final class Prober implements AutoCloseable {

    private final PolicyTable table;
    private final Router router;
    private final TlsClient tlsClient;
    private final ClientSettings settings;
    private final Optional<HostAndPort> instead;
    private final Clock clock;
    private final ExecutorService workers;
    private final Semaphore window;

    /**
     * @param instead the mail host to go to, whatever the route is
     * @param parallel how many connections there may be at once, at least one
     */
    Prober(
            PolicyTable table,
            Router router,
            TlsClient tlsClient,
            ClientSettings settings,
            Optional<HostAndPort> instead,
            Clock clock,
            int parallel) {
        this.table = table;
        this.router = router;
        this.tlsClient = tlsClient;
        this.settings = settings;
        this.instead = instead;
        this.clock = clock;
        this.workers = Executors.newFixedThreadPool(parallel, task -> {
            Thread thread = new Thread(task, "probe");
            thread.setDaemon(true);
            return thread;
        });
        this.window = new Semaphore(2 * parallel);
    }

    /** Probes names, as many at once as is allowed, and gives the results in the order of the names. */
    List<Probe> probe(List<Subject> subjects, Progress progress) {
        List<CompletableFuture<Probe>> probes = new ArrayList<>();
        for (Subject subject : subjects) {
            window.acquireUninterruptibly(); // so that a name is finished before many others are begun
            probes.add(probe(subject).whenComplete((probe, failure) -> {
                window.release();
                progress.finished(probe == null || !probe.satisfied());
            }));
        }
        return probes.stream().map(CompletableFuture::join).toList();
    }

    private CompletableFuture<Probe> probe(Subject subject) {
        Optional<PolicyDecision> decision = subject.domain().decision(table);
        if (subject.domain() instanceof RecipientDomain.Unconvertible unconvertible) {
            return CompletableFuture.completedFuture(Probe.unroutable(subject, decision, unconvertible.reason()));
        }
        return CompletableFuture.supplyAsync(() -> route(subject.domain(), decision.orElseThrow()), workers)
                .thenCompose(route -> probe(subject, decision.orElseThrow(), route))
                .exceptionally(thrown -> Probe.unroutable(subject, decision, internalError(thrown)));
    }

    private Route route(RecipientDomain domain, PolicyDecision decision) {
        return instead.<Route>map(host -> new Route.MailHosts(
                        List.of(new MailHost(host.host(), host.port(), MailHost.Source.STATIC_ROUTE))))
                .orElseGet(() -> router.route(domain, decision));
    }

    private CompletableFuture<Probe> probe(Subject subject, PolicyDecision decision, Route route) {
        if (!(route instanceof Route.MailHosts hosts)) {
            return CompletableFuture.completedFuture(
                    Probe.unroutable(subject, Optional.of(decision), reason(subject.domain(), route)));
        }
        List<CompletableFuture<List<AddressProbe>>> probes =
                hosts.mailHosts().stream().map(host -> probe(host, decision)).toList();
        return CompletableFuture.allOf(probes.toArray(CompletableFuture[]::new))
                .thenApply(done -> new Probe(
                        subject,
                        Optional.of(decision),
                        probes.stream().flatMap(probe -> probe.join().stream()).toList(),
                        Optional.empty()));
    }

    private static String reason(RecipientDomain domain, Route route) {
        if (route instanceof Route.NullMx) {
            return "it accepts no mail: it has a null MX"; // RFC 7505 §3
        }
        return route instanceof Route.Unknown unknown
                ? unknown.reason()
                : "the DNS knows no mail host of " + domain.text();
    }

    private CompletableFuture<List<AddressProbe>> probe(MailHost host, PolicyDecision decision) {
        Optional<PolicyViolation> notAllowed = host.violation(decision);
        if (notAllowed.isPresent() && !decision.reportOnly()) {
            return CompletableFuture.completedFuture(List.of(
                    AddressProbe.violated(host, Optional.empty(), notAllowed.get(), List.of(), clock.instant())));
        }
        ConnectionTerms terms = new ConnectionTerms(decision.requirement(), notAllowed);
        return CompletableFuture.supplyAsync(() -> addresses(host), workers).thenCompose(found -> {
            List<CompletableFuture<AddressProbe>> probes = new ArrayList<>();
            found.failure().map(CompletableFuture::completedFuture).ifPresent(probes::add);
            found.addresses()
                    .forEach(address ->
                            probes.add(CompletableFuture.supplyAsync(() -> visit(host, address, terms), workers)));
            return CompletableFuture.allOf(probes.toArray(CompletableFuture[]::new))
                    .thenApply(
                            done -> probes.stream().map(CompletableFuture::join).toList());
        });
    }

    /** The addresses of a host, or why there are none. */
    private record Addresses(List<IpAddress> addresses, Optional<AddressProbe> failure) {}

    private Addresses addresses(MailHost host) {
        try {
            List<IpAddress> addresses = router.addresses(host);
            return addresses.isEmpty()
                    ? without(host, "the DNS knows no address of the mail host")
                    : new Addresses(addresses, Optional.empty());
        } catch (TemporaryDnsException e) {
            return without(host, e.getMessage());
        }
    }

    private Addresses without(MailHost host, String reason) {
        return new Addresses(
                List.of(),
                Optional.of(AddressProbe.failed(host, Optional.empty(), reason, List.of(), clock.instant())));
    }

    /** Whatever is thrown is this address's result alone. */
    private AddressProbe visit(MailHost host, IpAddress address, ConnectionTerms terms) {
        try {
            return connect(host, address, terms);
        } catch (RuntimeException | StackOverflowError e) {
            return AddressProbe.failed(host, Optional.of(address), internalError(e), List.of(), clock.instant());
        }
    }

    private AddressProbe connect(MailHost host, IpAddress address, ConnectionTerms terms) {
        ChainRecorder recorder = new ChainRecorder(tlsClient);
        try (SmtpClient client = new SmtpClient(recorder, settings);
                SmtpConnection connection =
                        client.open(new MailHostAddress(host.host(), address, host.port()), terms.requirement())) {
            return AddressProbe.usable(
                    host, address, terms.reported(connection), connection.tls(), recorder.presented(), clock.instant());
        } catch (SmtpException e) {
            return afterFailure(host, address, terms, e.failure(), recorder);
        }
    }

    private static String internalError(Throwable thrown) {
        return "internal error, please report it: " + PeerText.clean(thrown.toString());
    }

    private AddressProbe afterFailure(
            MailHost host, IpAddress address, ConnectionTerms terms, SmtpFailure failure, ChainRecorder recorder) {
        Optional<ConnectionTerms> less = terms.after(failure);
        if (less.isPresent()) {
            return connect(host, address, less.get());
        }
        return failure instanceof SmtpFailure.TlsViolated violated
                ? AddressProbe.violated(
                        host, Optional.of(address), violated.violation(), recorder.presented(), clock.instant())
                : AddressProbe.failed(
                        host, Optional.of(address), failure.message(), recorder.presented(), clock.instant());
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
