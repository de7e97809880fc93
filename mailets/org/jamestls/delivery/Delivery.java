package org.jamestls.delivery;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.james.queue.api.MailQueue;
import org.apache.mailet.MailetContext;
import org.jamestls.certificate.LiveRoots;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.IpAddress;
import org.jamestls.policyfile.LivePolicy;
import org.jamestls.routing.Router;
import org.jamestls.smtp.ClientSettings;
import org.jamestls.smtp.SmtpClient;
import org.jamestls.smtp.SmtpConnections;
import org.jamestls.tls.RootedTlsClients;
import org.jamestls.tls.TlsClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The delivery of one mailet: its worker on the outgoing queue with all that the worker needs. */
public final class Delivery implements AutoCloseable {

    static final String OUTGOING_MAILS_METRIC = "outgoingMails";

    private static final Duration LONGEST_GRACE = Duration.ofSeconds(10);

    private static final Logger LOGGER = LoggerFactory.getLogger(Delivery.class);

    private final LogFields summary;
    private final SmtpClient client;
    private final SmtpConnections connections;
    private final ItemDeliveries items;
    private final OutgoingWorker worker;

    /**
     * Puts the parts together; nothing is taken from the queue before {@link #start}.
     *
     * @param policy the policies, which may change while mails are delivered
     * @param roots where certificate chains have to end, which may change too
     */
    public Delivery(
            DeliveryConfiguration configuration,
            LivePolicy policy,
            LiveRoots roots,
            MailQueue queue,
            MailetContext context,
            JamesServices james) {
        summary = StartUpSummary.of(configuration, policy, roots.current().roots());
        Supplier<String> ownName = () -> configuration.heloName().orElseGet(james::defaultDomain);
        client = new SmtpClient(
                new RootedTlsClients(roots, inForce -> tlsClient(configuration, inForce, james)),
                settings(configuration, ownName.get()));
        connections = new SmtpConnections(
                client, configuration.connections(), configuration.limits().reply(), james.clock());
        Router router = new Router(new JamesResolver(james.dns()), configuration.gateway(), configuration.smtpPort());
        DomainDelivery domains = new DomainDelivery(
                policy,
                router,
                new MailHostTours(
                        new TourEquipment(
                                router,
                                connections,
                                new MailHostBackoff(configuration.retries().shortestDelay(), james.clock()),
                                new ReportedViolations(james.metrics()),
                                () -> roots.current().number(),
                                configuration.tour(),
                                james.clock()),
                        configuration.retries(),
                        context,
                        configuration.sendTo()),
                configuration.maxDnsProblemRetries(),
                configuration.leastTls());
        Settlement settlement = new Settlement(
                queue,
                configuration.retries(),
                configuration.usePriority(),
                configuration.onSuccess(),
                context,
                new Bouncer(configuration.bounceProcessor(), context, ownName, james.clock()),
                james.metrics().generate(OUTGOING_MAILS_METRIC),
                james.clock());
        items = new ItemDeliveries(domains, settlement, james.metrics(), james.clock());
        worker =
                new OutgoingWorker(queue, configuration.workerLimits(), grace(configuration), james.clock(), items::of);
    }

    private static TlsClient tlsClient(DeliveryConfiguration configuration, TrustedRoots roots, JamesServices james) {
        return configuration
                .tlsProvider()
                .client(
                        roots,
                        configuration.keyExchange(),
                        james.clock(),
                        configuration.limits().reply());
    }

    private static ClientSettings settings(DeliveryConfiguration configuration, String heloName) {
        Optional<InetAddress> bind = configuration.bind().map(IpAddress::address);
        return new ClientSettings(heloName, bind, configuration.limits(), configuration.chunking());
    }

    /** How long the server's stop waits for a reply that may never come. */
    private static Duration grace(DeliveryConfiguration configuration) {
        return Collections.min(List.of(configuration.limits().reply(), LONGEST_GRACE));
    }

    /** Begins to take mails from the queue. */
    public void start() {
        SureLog.info(LOGGER, "TlsRemoteDelivery begins: {}", summary);
        worker.start();
    }

    /**
     * Takes no further mail and ends: mails under way have some time to be delivered, then their connections are closed
     * and they go back to the queue with those that wait.
     */
    @Override
    public void close() {
        worker.close();
        items.stop(); // before anything is closed: what fails for want of a connection counts as no attempt
        connections.close();
        client.close();
        worker.closeForGood();
    }
}
