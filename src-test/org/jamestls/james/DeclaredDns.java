package org.jamestls.james;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.api.TemporaryResolutionException;

/** A DNS service of James that knows the records and failures that a test declares. */
public final class DeclaredDns implements DNSService {

    private final Map<String, List<String>> exchanges = new ConcurrentHashMap<>();
    private final Map<String, List<InetAddress>> addresses = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> permissions = new ConcurrentHashMap<>();

    private volatile Consumer<String> listener = question -> {};

    /** Tells of each question before it is answered. */
    public DeclaredDns telling(Consumer<String> other) {
        listener = other;
        return this;
    }

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
        return failing(domain, Integer.MAX_VALUE);
    }

    /**
     * The DNS gives no answer the first so many times that it is asked for a domain's MX records or a host's addresses;
     * about addresses James's service then says that there are none.
     */
    public DeclaredDns failing(String name, int times) {
        failures.put(name, new AtomicInteger(times));
        return this;
    }

    /** The DNS answers about a host's addresses no sooner than somebody lets it. */
    public DeclaredDns answeringAfter(String host, CountDownLatch permission) {
        permissions.put(host, permission);
        return this;
    }

    private boolean fails(String name) {
        AtomicInteger left = failures.get(name);
        return left != null && left.getAndUpdate(times -> Math.max(0, times - 1)) > 0;
    }

    @Override
    public Collection<String> findMXRecords(String domain) throws TemporaryResolutionException {
        listener.accept("MX records");
        if (fails(domain)) {
            throw new TemporaryResolutionException("declared");
        }
        return exchanges.getOrDefault(domain, List.of());
    }

    @Override
    public Collection<InetAddress> getAllByName(String host) throws UnknownHostException {
        listener.accept("addresses of a mail host");
        awaitPermission(host);
        List<InetAddress> known = addresses.get(host);
        if (known == null || fails(host)) {
            throw new UnknownHostException(host);
        }
        return known;
    }

    private void awaitPermission(String host) throws UnknownHostException {
        try {
            permissions.getOrDefault(host, new CountDownLatch(0)).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host);
        }
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
