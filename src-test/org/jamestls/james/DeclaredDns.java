package org.jamestls.james;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.api.TemporaryResolutionException;

/** A DNS service of James that knows the records and failures that a test declares. */
public final class DeclaredDns implements DNSService {

    private final Map<String, List<String>> exchanges = new ConcurrentHashMap<>();
    private final Map<String, List<InetAddress>> addresses = new ConcurrentHashMap<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /** MX records, most preferred first, as James's service gives them: with a trailing dot. */
    public DeclaredDns mx(String domain, String... hosts) {
        exchanges.put(
                domain,
                List.of(hosts).stream()
                        .map(host -> host.endsWith(".") ? host : host + ".")
                        .toList());
        return this;
    }

    public DeclaredDns address(String host, InetAddress... ofHost) {
        addresses.put(host, List.of(ofHost));
        return this;
    }

    /** The DNS gives no answer about a domain's MX records. */
    public DeclaredDns failing(String domain) {
        failing.add(domain);
        return this;
    }

    @Override
    public Collection<String> findMXRecords(String domain) throws TemporaryResolutionException {
        if (failing.contains(domain)) {
            throw new TemporaryResolutionException("declared");
        }
        return exchanges.getOrDefault(domain, List.of());
    }

    @Override
    public Collection<InetAddress> getAllByName(String host) throws UnknownHostException {
        List<InetAddress> known = addresses.get(host);
        if (known == null) {
            throw new UnknownHostException(host);
        }
        return known;
    }

    @Override
    public InetAddress getByName(String host) throws UnknownHostException {
        return getAllByName(host).iterator().next();
    }

    @Override
    public Collection<String> findTXTRecords(String hostname) {
        return List.of();
    }

    @Override
    public InetAddress getLocalHost() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public String getHostName(InetAddress address) {
        return address.getHostAddress();
    }
}
