package org.jamestls.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.HostAndPort;
import org.jamestls.policy.IpAddress;
import org.jamestls.routing.Resolver;
import org.jamestls.routing.TemporaryDnsException;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * The DNS as a name server answers: the system's, or one that the operator names. Every look-up asks anew; nothing is
 * kept. Safe for use by several threads.
 */
final class DnsResolver implements Resolver {

    /** The port of name servers (RFC 1035 §4.2). */
    static final int DNS_PORT = 53;

    private static final Duration MOST_PER_LOOK_UP = Duration.ofSeconds(15);

    private final org.xbill.DNS.Resolver resolver;
    private final boolean hostsFile;
    private final boolean ipv6;

    private DnsResolver(org.xbill.DNS.Resolver resolver, boolean hostsFile, boolean ipv6) {
        this.resolver = resolver;
        this.hostsFile = hostsFile;
        this.ipv6 = ipv6;
        resolver.setTimeout(MOST_PER_LOOK_UP);
    }

    /**
     * The system's name servers and its file of hosts, as in James.
     *
     * @param ipv6 whether IPv6 addresses are looked up too, which James does not
     */
    static DnsResolver ofSystem(boolean ipv6) {
        return new DnsResolver(new ExtendedResolver(), true, ipv6);
    }

    /**
     * One name server, and nothing else.
     *
     * @throws UnusableInputException when the server's own name has no address
     */
    static DnsResolver of(HostAndPort server, boolean ipv6) throws UnusableInputException {
        SimpleResolver one = new SimpleResolver(new InetSocketAddress(address(server), server.port()));
        return new DnsResolver(new ExtendedResolver(List.of(one)), false, ipv6);
    }

    private static InetAddress address(HostAndPort server) throws UnusableInputException {
        try {
            return server.host() instanceof IpAddress ip
                    ? ip.address()
                    : InetAddress.getByName(server.host().text());
        } catch (UnknownHostException e) {
            throw new UnusableInputException(
                    "the name server " + server.host().text() + " has no address; write its IP address");
        }
    }

    @Override
    public List<String> mailExchanges(DomainName domain) throws TemporaryDnsException {
        return lookUp(domain, Type.MX).stream()
                .map(MXRecord.class::cast)
                // RFC 5321 §5.1: the lowest preference first; by name among equals, so that each run is alike
                .sorted(Comparator.comparingInt(MXRecord::getPriority)
                        .thenComparing(record -> record.getTarget().toString()))
                .map(record -> record.getTarget().toString())
                .toList();
    }

    @Override
    public List<InetAddress> addresses(DomainName host) throws TemporaryDnsException {
        List<InetAddress> addresses = new ArrayList<>();
        addresses(host, Type.A, answer -> ((ARecord) answer).getAddress()).forEach(addresses::add);
        if (ipv6) {
            addresses(host, Type.AAAA, answer -> ((AAAARecord) answer).getAddress())
                    .forEach(addresses::add);
        }
        return addresses;
    }

    private Stream<InetAddress> addresses(DomainName host, int type, Function<Record, InetAddress> address)
            throws TemporaryDnsException {
        return lookUp(host, type).stream().map(address);
    }

    private List<Record> lookUp(DomainName name, int type) throws TemporaryDnsException {
        Lookup lookup = new Lookup(absolute(name), type);
        lookup.setResolver(resolver);
        lookup.setCache(null);
        if (!hostsFile) {
            lookup.setHostsFileParser(null);
        }
        Optional<Record[]> answers = Optional.ofNullable(lookup.run());
        return switch (lookup.getResult()) {
            case Lookup.SUCCESSFUL -> List.of(answers.orElseThrow());
            case Lookup.HOST_NOT_FOUND, Lookup.TYPE_NOT_FOUND -> List.of();
            default ->
                throw new TemporaryDnsException(
                        "the DNS gave no answer for the " + Type.string(type) + " records of " + name, null);
        };
    }

    private static Name absolute(DomainName name) {
        try {
            return Name.fromString(name.text() + ".");
        } catch (TextParseException e) {
            throw new IllegalStateException("a domain name that the DNS does not know as one: " + name, e);
        }
    }
}
