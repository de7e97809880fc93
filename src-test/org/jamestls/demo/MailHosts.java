package org.jamestls.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamestls.james.DeclaredDns;
import org.jamestls.testing.HeldCertificate;

/** The receiving servers, each at a loopback address of its own and all at one port, and the DNS that leads there. */
final class MailHosts implements AutoCloseable {

    private static final int FIRST_ADDRESS = 2;

    private final int port;
    private final List<MailServer> servers = new ArrayList<>();
    private final List<String> dnsRecords = new ArrayList<>();
    private int addresses = FIRST_ADDRESS;

    MailHosts(int port) {
        this.port = port;
    }

    /** The one MX host of a domain. */
    MailServer mx(String domain, Optional<HeldCertificate> certificate) throws IOException {
        return mx(domain, "mx." + domain, certificate);
    }

    /** The one MX host of a domain, by the name given. */
    MailServer mx(String domain, String host, Optional<HeldCertificate> certificate) throws IOException {
        MailServer server = named(host, certificate);
        dnsRecords.add(domain + " MX " + server.host());
        return server;
    }

    /** The one MX host of a domain that James's plain RemoteDelivery serves. */
    MailServer mxOfOtherDomain(String domain) throws IOException {
        MailServer server = named("mx." + domain, Optional.empty());
        dnsRecords.add(domain + " MX " + server.host() + ":" + port);
        return server;
    }

    /** A server that has a name. */
    MailServer named(String host, Optional<HeldCertificate> certificate) throws IOException {
        String address = nextAddress();
        dnsRecords.add(host + " A " + address);
        return start(host, address, certificate);
    }

    /** A server that has no name. */
    MailServer unnamed(String address, HeldCertificate certificate) throws IOException {
        return start(address, address, Optional.of(certificate));
    }

    /** An address that no server has. */
    String nextAddress() {
        return "127.0.0." + addresses++;
    }

    void addRecord(String record) {
        dnsRecords.add(record);
    }

    /** The servers that have names, as a name server of their own would give them. */
    DeclaredDns dns() throws IOException {
        DeclaredDns dns = new DeclaredDns();
        for (String record : dnsRecords) {
            String[] fields = record.split(" ");
            if (fields[1].equals("A")) {
                dns.address(fields[0], InetAddress.getByName(fields[2]));
            } else {
                dns.mx(fields[0], fields[2]);
            }
        }
        return dns;
    }

    private MailServer start(String host, String address, Optional<HeldCertificate> certificate) throws IOException {
        MailServer server = MailServer.start(host, address, port, certificate);
        servers.add(server);
        return server;
    }

    int port() {
        return port;
    }

    List<String> dnsRecords() {
        return dnsRecords;
    }

    List<MailServer> servers() {
        return servers;
    }

    @Override
    public void close() {
        servers.forEach(MailServer::close);
    }
}
