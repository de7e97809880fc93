package org.jamestls.james;

import static org.awaitility.Awaitility.await;

import com.google.inject.Binder;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.lib.DomainListConfiguration;
import org.apache.james.domainlist.memory.MemoryDomainList;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.mailetcontainer.api.LocalResources;
import org.apache.james.mailetcontainer.api.MailetLoader;
import org.apache.james.mailetcontainer.api.MatcherLoader;
import org.apache.james.mailetcontainer.impl.CompositeProcessorImpl;
import org.apache.james.mailetcontainer.impl.JamesMailetContext;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.james.utils.ExtensionConfiguration;
import org.apache.james.utils.GuiceGenericLoader;
import org.apache.james.utils.GuiceMailetLoader;
import org.apache.james.utils.GuiceMatcherLoader;
import org.apache.james.utils.MailetConfigurationOverride;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.MailetConfig;
import org.apache.mailet.MailetContext;
import org.apache.mailet.Matcher;
import org.apache.mailet.MatcherConfig;
import org.awaitility.core.ConditionFactory;
import org.jamestls.SharedPolicies;
import org.mockito.Mockito;

/**
 * James's own mailet container, context, queues and domain list around our matcher and mailet, configured as
 * {@code mailetcontainer.xml} would. Whatever James is handed lands in its spool, where a test finds it.
 */
public final class MailetContainer implements AutoCloseable {

    public static final String OUTGOING = "outgoing-tls";

    private static final AtomicInteger MAILS = new AtomicInteger();

    private final Path directory;
    private final TestQueues queues;
    private final TellingMetrics metrics = new TellingMetrics();
    private final RecordingGauges gauges = new RecordingGauges();
    private final OrdinaryDelivery ordinary = new OrdinaryDelivery();
    private final Injector injector;
    private final CompositeProcessorImpl processors;

    private MailetContainer(Path directory, DeclaredDns dns, String processors, TestQueues queues) throws Exception {
        this.directory = directory;
        this.queues = queues;
        HierarchicalConfiguration<ImmutableNode> configuration = XmlConfigurations.read(
                "<mailetcontainer><processors enableJmx='false'>" + processors + "</processors></mailetcontainer>");
        MemoryDomainList domains = new MemoryDomainList(dns);
        domains.configure(DomainListConfiguration.builder()
                .autoDetect(false)
                .autoDetectIp(false)
                .defaultDomain(Domain.of("sender.example")));
        JamesMailetContext context = new JamesMailetContext(dns, domains, Mockito.mock(LocalResources.class), queues);
        context.configure(new BaseHierarchicalConfiguration());
        injector = Guice.createInjector(binder -> {
            binder.bind(DNSService.class).toInstance(dns);
            binder.bind(DomainList.class).toInstance(domains);
            binder.bind(FileSystem.class).toInstance(new WorkingDirectory(directory));
            binder.bind(new TypeLiteral<MailQueueFactory<?>>() {}).toInstance(queues);
            binder.bind(MetricFactory.class).toInstance(metrics);
            binder.bind(GaugeRegistry.class).toInstance(gauges);
            binder.bind(ConfigurationProvider.class).toInstance((component, level) -> configuration);
            binder.bind(Clock.class).toInstance(Clock.systemUTC());
            binder.bind(MailetContext.class).toInstance(context);
            binder.bind(ExtensionConfiguration.class).toInstance(ExtensionConfiguration.DEFAULT);
            Multibinder.newSetBinder(binder, MailetConfigurationOverride.class);
            bindLoaderOfLaterVersions(binder);
        });
        Loader loader = new Loader(
                injector.getInstance(GuiceMailetLoader.class), injector.getInstance(GuiceMatcherLoader.class));
        this.processors = injector.createChildInjector(binder -> {
                    binder.bind(MailetLoader.class).toInstance(loader);
                    binder.bind(MatcherLoader.class).toInstance(loader);
                })
                .getInstance(CompositeProcessorImpl.class);
        this.processors.configure(configuration.configurationAt("processors"));
        try {
            this.processors.init();
        } catch (Exception e) {
            this.processors.dispose();
            throw e;
        }
    }

    /** James 3.9 loads through an interface that 3.8 does not have. */
    @SuppressWarnings("unchecked")
    private static void bindLoaderOfLaterVersions(Binder binder) {
        try {
            Class<Object> type = (Class<Object>) Class.forName("org.apache.james.utils.GuiceLoader");
            binder.bind(type).to((Class<Object>) (Class<?>) GuiceGenericLoader.class);
        } catch (ClassNotFoundException e) {
            // James 3.8: GuiceGenericLoader itself is asked for
            return;
        }
    }

    /**
     * Starts the processor {@code transport} with our mailet behind our matcher, and an ordinary delivery after it.
     *
     * @param directory where {@code conf/tls-enforcement.xml} is
     * @param parameters the mailet's parameters
     * @param queues James's queues, which outlive the container
     * @throws Exception what stops James's start
     */
    public static MailetContainer start(
            Path directory, DeclaredDns dns, Map<String, String> parameters, TestQueues queues) throws Exception {
        return start(directory, dns, "org.jamestls.TlsEnforced", parameters, queues);
    }

    /** As {@link #start(Path, DeclaredDns, Map, TestQueues)}, behind another matcher, such as {@code All}. */
    public static MailetContainer start(
            Path directory, DeclaredDns dns, String match, Map<String, String> parameters, TestQueues queues)
            throws Exception {
        return startWith(
                directory, dns, ours(match, parameters) + "<mailet match='All' class='RemoteDelivery'/>", queues);
    }

    /** Starts the processor {@code transport} with these mailets. */
    public static MailetContainer startWith(Path directory, DeclaredDns dns, String mailets) throws Exception {
        return startWith(directory, dns, mailets, QueueKind.MEMORY.open(directory));
    }

    /** As {@link #startWith(Path, DeclaredDns, String)}, on queues that outlive the container. */
    public static MailetContainer startWith(Path directory, DeclaredDns dns, String mailets, TestQueues queues)
            throws Exception {
        return startProcessors(
                directory,
                dns,
                "<processor state='root'/><processor state='error'/><processor state='bounces'/>"
                        + "<processor state='delivered'/><processor state='transport'>" + mailets + "</processor>",
                queues);
    }

    /** Starts these processors, of which James asks for {@code root} and {@code error}. */
    public static MailetContainer startProcessors(Path directory, DeclaredDns dns, String processors) throws Exception {
        return startProcessors(directory, dns, processors, QueueKind.MEMORY.open(directory));
    }

    private static MailetContainer startProcessors(
            Path directory, DeclaredDns dns, String processors, TestQueues queues) throws Exception {
        return new MailetContainer(directory, dns, processors, queues);
    }

    public static String ours(String match, Map<String, String> parameters) {
        return "<mailet match='" + match + "' class='org.jamestls.TlsRemoteDelivery'>"
                + parameters.entrySet().stream()
                        .map(entry -> element(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining())
                + "</mailet>";
    }

    private static String element(String name, String value) {
        return "<" + name + ">" + value + "</" + name + ">";
    }

    /** Sends a mail through the processor, as James's spooler would; an empty sender is the null sender. */
    public Mail send(String sender, String... recipients) throws Exception {
        return send(mail(sender, recipients));
    }

    public Mail send(MimeMessage message, String sender, List<MailAddress> recipients) throws Exception {
        return send(mail(message, sender, recipients));
    }

    /** Sends a mail that the test made. */
    public Mail send(Mail mail) throws Exception {
        processors.service(mail);
        return mail;
    }

    /** A mail that can be changed before it is sent. */
    public static MailImpl mail(String sender, String... recipients) throws Exception {
        return mail(message("Subject: a secret\r\n\r\nthe body of the mail\r\n"), sender, addresses(recipients));
    }

    private static MailImpl mail(MimeMessage message, String sender, List<MailAddress> recipients) throws Exception {
        return MailImpl.builder()
                .name("mail" + MAILS.incrementAndGet())
                .sender(MaybeSender.getMailSender(sender))
                .addRecipients(recipients)
                .mimeMessage(message)
                .state("transport")
                .build();
    }

    /** Puts an item on the outgoing queue, past matcher and mailet. */
    public void enqueue(String sender, String... recipients) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name("mail" + MAILS.incrementAndGet())
                .sender(MaybeSender.getMailSender(sender))
                .addRecipients(addresses(recipients))
                .mimeMessage(message("Subject: queued\r\n\r\nbody\r\n"))
                .build();
        queues.getQueue(MailQueueName.of(OUTGOING)).orElseThrow().enQueue(mail);
    }

    public static MimeMessage message(String text) throws MessagingException {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static List<MailAddress> addresses(String... recipients) {
        return Arrays.stream(recipients).map(MailetContainer::address).toList();
    }

    private static MailAddress address(String text) {
        try {
            return new MailAddress(text);
        } catch (MessagingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The recipients whose mail walked on to the ordinary delivery. */
    public List<String> ordinaryRecipients() {
        return ordinary.recipients();
    }

    /** What James was handed: bounces, and mails for other processors. */
    public List<Mail> spooled() {
        return queues.waiting("spool");
    }

    /** Waits until James was handed so many mails. */
    public List<Mail> awaitSpooled(int count) {
        patiently().until(() -> spooled().size() >= count);
        return spooled();
    }

    /** What waits in the outgoing queue. */
    public List<Mail> waiting() {
        return queues.waiting(OUTGOING);
    }

    /** Waits until a mail waits for a retry, and returns it. */
    public Mail awaitPostponed() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> postponed().findFirst().isPresent());
        return postponed().findFirst().orElseThrow();
    }

    private Stream<Mail> postponed() {
        return waiting().stream().filter(mail -> Mail.ERROR.equals(mail.getState()));
    }

    /** Waits until the outgoing queue is empty and nothing of it is in delivery. */
    public void awaitIdle() {
        patiently().until(this::isIdle);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    /** Whether the outgoing queue is empty and nothing of it is in delivery. */
    public boolean isIdle() {
        return queues.size(OUTGOING) == 0;
    }

    /** The container's queues. */
    public TestQueues queues() {
        return queues;
    }

    public TellingMetrics metrics() {
        return metrics;
    }

    /** What a gauge of ours says now. */
    public Object gauge(String name) {
        return gauges.read(name);
    }

    /** Takes up a change of the policy file now. */
    public void refreshPolicy() throws Exception {
        injector.getInstance(SharedPolicies.class)
                .open("file://conf/tls-enforcement.xml")
                .refresh();
    }

    /** Takes up a change of the trusted roots' file now. */
    public void refreshRoots() throws Exception {
        injector.getInstance(SharedPolicies.class)
                .trustedRoots(Optional.of("file://conf/roots.pem"), Optional.empty())
                .refresh();
    }

    public Path policyFile() {
        return directory.resolve("conf/tls-enforcement.xml");
    }

    @Override
    public void close() {
        processors.dispose();
    }

    /** James's own loaders, but for the ordinary delivery and the matcher {@code All}, which are the test's. */
    private final class Loader implements MailetLoader, MatcherLoader {
        private final MailetLoader mailets;
        private final MatcherLoader matchers;

        private Loader(MailetLoader mailets, MatcherLoader matchers) {
            this.mailets = mailets;
            this.matchers = matchers;
        }

        @Override
        public Mailet getMailet(MailetConfig config) throws MessagingException {
            if (!config.getMailetName().equals("RemoteDelivery")) {
                return mailets.getMailet(config);
            }
            ordinary.init(config);
            return ordinary;
        }

        @Override
        public Matcher getMatcher(MatcherConfig config) throws MessagingException {
            if (!config.getMatcherName().equals("All")) {
                return matchers.getMatcher(config);
            }
            Matcher all = new EveryRecipient();
            all.init(config);
            return all;
        }
    }

    private static final class EveryRecipient extends org.apache.mailet.base.GenericMatcher {
        @Override
        public List<MailAddress> match(Mail mail) {
            return List.copyOf(mail.getRecipients());
        }
    }

    /** James's file system, of which {@code file://} is relative to the working directory. */
    private record WorkingDirectory(Path directory) implements FileSystem {
        @Override
        public InputStream getResource(String url) throws IOException {
            return Files.newInputStream(getFile(url).toPath());
        }

        @Override
        public File getFile(String url) {
            if (!url.startsWith("file://")) {
                throw new IllegalArgumentException(url + " is no file: James looks for it among the classes");
            }
            return directory.resolve(url.substring("file://".length())).toFile();
        }

        @Override
        public File getBasedir() {
            return directory.toFile();
        }
    }
}
