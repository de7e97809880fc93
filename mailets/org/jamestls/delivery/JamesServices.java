package org.jamestls.delivery;

import java.time.Clock;
import javax.inject.Inject;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.apache.james.metrics.api.MetricFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What delivery takes from the James that it runs in. */
public class JamesServices {

    private static final Logger LOGGER = LoggerFactory.getLogger(JamesServices.class);
    private static final String NAMELESS = "localhost";

    private final DNSService dns;
    private final DomainList domains;
    private final MetricFactory metrics;
    private final Clock clock;

    @Inject
    public JamesServices(DNSService dns, DomainList domains, MetricFactory metrics, Clock clock) {
        this.dns = dns;
        this.domains = domains;
        this.metrics = metrics;
        this.clock = clock;
    }

    DNSService dns() {
        return dns;
    }

    MetricFactory metrics() {
        return metrics;
    }

    Clock clock() {
        return clock;
    }

    /** James's default domain: what this server calls itself where {@code heloName} is not set. */
    String defaultDomain() {
        try {
            return domains.getDefaultDomain().asString();
        } catch (DomainListException e) {
            SureLog.warn(LOGGER, "James has no default domain; this server calls itself {}", NAMELESS, e);
            return NAMELESS;
        }
    }
}
