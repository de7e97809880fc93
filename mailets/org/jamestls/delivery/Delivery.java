package org.jamestls.delivery;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.james.queue.api.MailQueue;
import org.apache.mailet.MailetContext;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.IpAddress;
import org.jamestls.policyfile.LivePolicy;
import org.jamestls.routing.Router;
import org.jamestls.smtp.ClientSettings;
import org.jamestls.smtp.SmtpClient;
import org.jamestls.tls.BouncyCastleTlsClient;
import org.jamestls.tls.TlsClient;

/** The delivery of one mailet: its worker on the outgoing queue with all that the worker needs. */
public final class Delivery implements AutoCloseable {

    static final String OUTGOING_MAILS_METRIC = "outgoingMails";

    private static final int THREADS = 20;

    private final SmtpClient client;
    private final OutgoingWorker worker;

    /**
     * Puts the parts together; nothing is taken from the queue before {@link #start}.
     *
     * @param policy the policies, which may change while mails are delivered
     * @param roots where certificate chains have to end
     */
    public Delivery(
            DeliveryConfiguration configuration,
            LivePolicy policy,
            TrustedRoots roots,
            MailQueue queue,
            MailetContext context,
            JamesServices james) {
        Supplier<String> ownName = () -> configuration.heloName().orElseGet(james::defaultDomain);
        client = new SmtpClient(tlsClient(configuration, roots, james), settings(configuration, ownName.get()));
        Router router = new Router(new JamesResolver(james.dns()), configuration.gateway(), configuration.smtpPort());
        DomainDelivery domains = new DomainDelivery(
                policy,
                router,
                new MailHostTours(router, client, context, configuration.sendTo()),
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
        QueueItemDelivery items = new QueueItemDelivery(domains, settlement, james.metrics());
        worker = new OutgoingWorker(queue, THREADS, items::deliver);
    }

    private static TlsClient tlsClient(DeliveryConfiguration configuration, TrustedRoots roots, JamesServices james) {
        return new BouncyCastleTlsClient(roots, configuration.keyExchange(), james.clock(), configuration.timeout());
    }

    private static ClientSettings settings(DeliveryConfiguration configuration, String heloName) {
        Optional<InetAddress> bind = configuration.bind().map(IpAddress::address);
        return new ClientSettings(heloName, bind, configuration.connectionTimeout(), configuration.timeout());
    }

    /** Begins to take mails from the queue. */
    public void start() {
        worker.start();
    }

    /** Takes no further mail and ends. */
    @Override
    public void close() {
        worker.close();
        client.close();
    }
}
