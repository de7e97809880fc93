package org.jamestls.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.api.TemporaryResolutionException;
import org.jamestls.policy.DomainName;
import org.jamestls.routing.Resolver;
import org.jamestls.routing.TemporaryDnsException;

/** The DNS as James's own service answers. */
final class JamesResolver implements Resolver {

    private final DNSService dns;

    JamesResolver(DNSService dns) {
        this.dns = dns;
    }

    @Override
    public List<String> mailExchanges(DomainName domain) throws TemporaryDnsException {
        try {
            return List.copyOf(dns.findMXRecords(domain.text()));
        } catch (TemporaryResolutionException e) {
            throw new TemporaryDnsException("the DNS gave no answer for the MX records of " + domain, e);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof UnknownHostException) {
                return List.of();
            }
            throw new TemporaryDnsException("the look-up of the MX records of " + domain + " failed", e);
        }
    }

    @Override
    public List<InetAddress> addresses(DomainName host) throws TemporaryDnsException {
        try {
            return List.copyOf(dns.getAllByName(host.text()));
        } catch (UnknownHostException e) {
            return List.of();
        } catch (RuntimeException e) {
            throw new TemporaryDnsException("the look-up of the addresses of " + host + " failed", e);
        }
    }
}
