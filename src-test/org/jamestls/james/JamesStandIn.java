package org.jamestls.james;

import com.google.inject.AbstractModule;
import com.google.inject.TypeLiteral;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.Domain;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.lib.DomainListConfiguration;
import org.apache.james.domainlist.memory.MemoryDomainList;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.server.core.configuration.ConfigurationProvider;

/** What a James has injected into its mailets: from memory, the same for every sender. */
public final class JamesStandIn extends AbstractModule {
    private final DNSService dns;
    private final MailQueueFactory<?> queues;

    public JamesStandIn(DNSService dns, MailQueueFactory<?> queues) {
        this.dns = dns;
        this.queues = queues;
    }

    @Override
    protected void configure() {
        try {
            MemoryDomainList domains = new MemoryDomainList(dns);
            domains.configure(DomainListConfiguration.builder()
                    .autoDetect(false)
                    .autoDetectIp(false)
                    .defaultDomain(Domain.of("sender.example")));
            bind(DomainList.class).toInstance(domains);
        } catch (Exception e) {
            addError(e);
        }
        bind(DNSService.class).toInstance(dns);
        bind(new TypeLiteral<MailQueueFactory<?>>() {}).toInstance(queues);
        bind(MetricFactory.class).toInstance(new RecordingMetricFactory());
        bind(GaugeRegistry.class).toInstance(new NoopGaugeRegistry());
        bind(FileSystem.class).toInstance(new LocalFiles());
        bind(ConfigurationProvider.class).toInstance((component, level) -> new BaseHierarchicalConfiguration());
        bind(Clock.class).toInstance(Clock.systemUTC());
    }

    /** {@code file://} with an absolute path. */
    private static final class LocalFiles implements FileSystem {
        @Override
        public InputStream getResource(String url) throws IOException {
            return Files.newInputStream(getFile(url).toPath());
        }

        @Override
        public File getFile(String url) {
            return Path.of(url.substring("file://".length())).toFile();
        }

        @Override
        public File getBasedir() {
            return new File("");
        }
    }
}
