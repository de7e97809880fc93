package org.jamestls.bench;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.james.dnsservice.api.DNSService;

/** The DNS of a James that knows the destinations, from memory. */
final class DestinationDns implements DNSService {

    private final Map<String, List<String>> exchanges;
    private final Map<String, List<InetAddress>> addresses;

    /** @param port a port to write behind the names of mail hosts, which is how RemoteDelivery can be told one */
    DestinationDns(OptionalInt port) {
        exchanges = Destination.all().stream()
                .collect(Collectors.toMap(
                        Destination::domain,
                        to -> List.of(port.isPresent() ? to.mailHost() + ":" + port.getAsInt() : to.mailHost() + ".")));
        addresses = Destination.all().stream()
                .collect(Collectors.toMap(Destination::mailHost, to -> List.of(to.address())));
    }

    @Override
    public Collection<String> findMXRecords(String domain) {
        return exchanges.getOrDefault(domain, List.of());
    }

    @Override
    public Collection<InetAddress> getAllByName(String host) throws UnknownHostException {
        List<InetAddress> known = addresses.get(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
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
    public Collection<String> findTXTRecords(String host) {
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
