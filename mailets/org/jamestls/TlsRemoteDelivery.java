package org.jamestls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.mailet.Mail;
import org.apache.mailet.ProcessingState;
import org.apache.mailet.base.GenericMailet;
import org.jamestls.certificate.LiveRoots;
import org.jamestls.delivery.BounceProcessorCheck;
import org.jamestls.delivery.Delivery;
import org.jamestls.delivery.DeliveryConfiguration;
import org.jamestls.delivery.JamesServices;
import org.jamestls.delivery.MailetContainerCheck;
import org.jamestls.delivery.PartName;
import org.jamestls.delivery.QueuePriority;
import org.jamestls.delivery.RecipientGroups;
import org.jamestls.delivery.StartUpNotice;
import org.jamestls.delivery.SureLog;
import org.jamestls.policy.RecipientDomain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers mail to remote domains, to enforced domains only over TLS that satisfies their policy.
 *
 * <p>All parameters are optional:
 *
 * <ul>
 *   <li><b>policy</b>: the policy file; default {@value DeliveryConfiguration#DEFAULT_POLICY_URL}.
 *   <li><b>trustedRoots</b>: a PEM file or key store with the roots of strong validation; default the JDK's roots.
 *   <li><b>additionalRoots</b>: a PEM file or key store with roots that are trusted besides these.
 *   <li><b>keyExchange</b>: {@code hybrid} (default) offers X25519MLKEM768 first, {@code classical} leaves it out, for
 *       networks that drop the larger ClientHello.
 *   <li><b>tlsProvider</b>: {@code bouncycastle} (default) or {@code jdk}, whose key-exchange groups are its own.
 *   <li><b>smtpPort</b>: the port of MX hosts; default 25.
 *   <li><b>outgoing</b>: the queue; default {@value DeliveryConfiguration#DEFAULT_OUTGOING}. No other RemoteDelivery may
 *       read it.
 *   <li><b>delayTime</b>: the waits before retries, such as {@code 5 minutes, 3*1 hour}; default 6 hours.
 *   <li><b>maxRetries</b>: how often a mail is tried again; default 5.
 *   <li><b>maxDnsProblemRetries</b>: how often a domain without any DNS entry is tried again; default 0.
 *   <li><b>timeout</b>: the longest wait for a reply, in milliseconds; default 180000.
 *   <li><b>connectionTimeout</b> or <b>connectiontimeout</b>: the longest wait for a connection, in milliseconds;
 *       default 60000.
 *   <li><b>bounceProcessor</b>: the processor for mail that is given up; default a bounce to the sender with the reason
 *       and the original's headers.
 *   <li><b>onSuccess</b>: the processor for delivered mail; default none.
 *   <li><b>sendpartial</b>: whether a mail goes to those whom the mail host accepts when it refuses others; default true.
 *       With false it goes to nobody, those refused for good are bounced, and the others are tried again.
 *   <li><b>usePriority</b>: whether a mail's priority decides about its place in the queue, and retries go behind
 *       everything else; default false.
 *   <li><b>startTLS</b>, <b>sslEnable</b>, <b>verifyServerIdentity</b>: what domains without a policy get at least; the
 *       policy file may ask for more, and domains with a policy are not concerned. <b>sslTrustAllCerts</b> is refused.
 *   <li><b>heloName</b>: the name in EHLO; default James's default domain.
 *   <li><b>bind</b>: the local address of connections; default the system's choice.
 *   <li><b>maxConnectionsPerHost</b>: the most connections to one address of a mail host under one TLS requirement, and
 *       the most mails under way to one domain; default 20.
 *   <li><b>maxConnections</b>: the most connections, and mails under way, together; default 200.
 *   <li><b>maxMailsPerConnection</b>: the most mails over one connection; default 100; 1 keeps none open.
 *   <li><b>connectionIdleTime</b>: how long a connection is kept open without a mail; default 10 seconds.
 *   <li><b>queueWindow</b>: how many mails are taken from the queue and held in memory; default 1000.
 *   <li><b>gateway</b>, <b>gatewayPort</b>, <b>gatewayUsername</b>, <b>gatewayPassword</b>: servers that take all mail
 *       without a static route, as {@code host} or {@code host:port}, with commas. <b>loadBalancing</b>: whether each
 *       attempt tries them in an order by chance; default true.
 *   <li><b>gatewayCertificateValidation</b>: {@code strong} (default): a gateway with credentials has to present a verified
 *       certificate, also where the policy file asks for less; {@code relaxed}: the policy file decides, and credentials go
 *       to a gateway that proves nothing too.
 *   <li><b>debug</b>, <b>deliveryThreads</b>, <b>outgoingQueue</b>: accepted, without effect.
 *   <li><b>mail.*</b>: an allow-list; see README.
 * </ul>
 *
 * <p>A parameter that is unknown or does not parse stops the mailet container's start. Start-up logs those that have no
 * effect or do less than in RemoteDelivery.
 */
public class TlsRemoteDelivery extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(TlsRemoteDelivery.class);

    private final SharedPolicies policies;
    private final ConfigurationProvider configurations;
    private final MailQueueFactory<?> queues;
    private final JamesServices services;

    private DeliveryConfiguration configuration;
    private MailQueue queue;
    private Delivery delivery;

    @Inject
    public TlsRemoteDelivery(
            SharedPolicies policies,
            ConfigurationProvider configurations,
            MailQueueFactory<?> queues,
            JamesServices services) {
        this.policies = policies;
        this.configurations = configurations;
        this.queues = queues;
        this.services = services;
    }

    @Override
    public void init() throws MessagingException {
        configuration = DeliveryConfiguration.read(getMailetConfig());
        StartUpNotice.ofSilence().ifPresent(notice -> notice.writeTo(LOGGER));
        configuration.notices().forEach(notice -> notice.writeTo(LOGGER));
        new MailetContainerCheck(configurations).check(configuration).forEach(notice -> notice.writeTo(LOGGER));
        new BounceProcessorCheck(configurations).notice(configuration).ifPresent(notice -> notice.writeTo(LOGGER));
        var policy = policies.open(configuration.policyUrl());
        LiveRoots roots = policies.trustedRoots(configuration.trustedRootsUrl(), configuration.additionalRootsUrl());
        queue = queues.createQueue(
                MailQueueName.of(configuration.outgoing()), MailQueueFactory.prefetchCount(configuration.window()));
        delivery = new Delivery(configuration, policy, roots, queue, getMailetContext(), services);
        delivery.start();
    }

    /**
     * Puts one item per recipient domain on the outgoing queue.
     *
     * @throws MessagingException when the queue does not take an item; the mail's recipients are then those without one
     */
    @Override
    public void service(Mail mail) throws MessagingException {
        QueuePriority.admit(mail, configuration.usePriority());
        String name = mail.getName();
        Map<RecipientDomain, List<MailAddress>> groups = RecipientGroups.byDomain(mail.getRecipients());
        List<MailAddress> waiting = new ArrayList<>(mail.getRecipients());
        try {
            for (Map.Entry<RecipientDomain, List<MailAddress>> group : groups.entrySet()) {
                mail.setRecipients(group.getValue());
                mail.setName(PartName.of(name, group.getKey()));
                queue.enQueue(mail);
                waiting.removeAll(group.getValue());
            }
            mail.setState(Mail.GHOST);
        } finally {
            mail.setName(name);
            mail.setRecipients(waiting);
        }
    }

    @Override
    public void destroy() {
        if (delivery == null) {
            return;
        }
        delivery.close();
        try {
            queue.close();
        } catch (IOException e) {
            SureLog.warn(LOGGER, "The queue {} cannot be closed", queue.getName(), e);
        }
    }

    @Override
    public Collection<ProcessingState> requiredProcessingState() {
        return Stream.of(configuration.bounceProcessor(), configuration.onSuccess())
                .flatMap(Optional::stream)
                .map(ProcessingState::new)
                .toList();
    }

    @Override
    public String getMailetInfo() {
        return "Remote delivery under TLS policies";
    }
}
