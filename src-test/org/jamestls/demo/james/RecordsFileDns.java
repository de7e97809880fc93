package org.jamestls.demo.james;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.james.dnsservice.api.DNSService;

/**
 * A DNSService that knows the records of a file, one per line: {@code name MX host} or {@code name A address}. It
 * answers as James's own does: MX hosts end in a dot, and a domain without MX records is its own mail host (RFC 5321
 * §5.1).
 *
 * <p>Deviation: {@code name MX host:port} stands for a host on another port than 25. No real MX record can say so, but
 * James's plain RemoteDelivery has no other way to be sent to a port above 1024 by MX.
 */
final class RecordsFileDns implements DNSService {

    private final Map<String, List<String>> mailHosts = new HashMap<>();
    private final Map<String, List<InetAddress>> addresses = new HashMap<>();

    RecordsFileDns(Path records) throws IOException {
        for (String line : Files.readAllLines(records)) {
            String[] fields = line.split(" ");
            switch (fields[1]) {
                case "MX" -> add(mailHosts, fields[0], mailHost(fields[2]));
                case "A" -> add(addresses, fields[0], address(fields[0], fields[2]));
                default -> throw new IOException(line + " is not a record; write 'name MX host' or 'name A address'");
            }
        }
    }

    @Override
    public Collection<String> findMXRecords(String domain) {
        return mailHosts.getOrDefault(key(domain), List.of(domain));
    }

    @Override
    public Collection<String> findTXTRecords(String name) {
        return List.of();
    }

    @Override
    public List<InetAddress> getAllByName(String host) throws UnknownHostException {
        List<InetAddress> known = addresses.get(key(host));
        if (known != null) {
            return known;
        }
        if (!isAddress(host)) {
            throw new UnknownHostException(host);
        }
        return List.of(InetAddress.getByName(host));
    }

    @Override
    public InetAddress getByName(String host) throws UnknownHostException {
        return getAllByName(host).get(0);
    }

    @Override
    public String getHostName(InetAddress address) {
        return address.getHostAddress();
    }

    @Override
    public InetAddress getLocalHost() {
        return InetAddress.getLoopbackAddress();
    }

    private static String mailHost(String host) {
        return host.contains(":") ? host : host + ".";
    }

    private static InetAddress address(String name, String address) throws UnknownHostException {
        return InetAddress.getByAddress(name, InetAddress.getByName(address).getAddress());
    }

    /** So that no name is ever asked of a resolver outside. */
    private static boolean isAddress(String host) {
        return host.contains(":") || host.matches("[0-9.]+");
    }

    private static String key(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return lowerCase.endsWith(".") ? lowerCase.substring(0, lowerCase.length() - 1) : lowerCase;
    }

    private static <T> void add(Map<String, List<T>> records, String name, T value) {
        records.computeIfAbsent(key(name), ignored -> new ArrayList<>()).add(value);
    }
}
