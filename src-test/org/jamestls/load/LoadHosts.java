package org.jamestls.load;

import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jamestls.james.DeclaredDns;
import org.jamestls.testing.CertificateAuthority;

/** The mail hosts of all destinations, on one port. The first ten are disruptive. */
final class LoadHosts implements AutoCloseable {

    static final String PARENT_DOMAIN = "load.example";

    private static final int MOST_PORTS_TRIED = 20;

    private final Ledger ledger;
    private final LoadTls tls;
    private final Set<Disruption> seen = Collections.synchronizedSet(EnumSet.noneOf(Disruption.class));
    private final List<LoadHost> hosts = new ArrayList<>();

    private LoadHosts(Ledger ledger, LoadTls tls) {
        this.ledger = ledger;
        this.tls = tls;
    }

    static LoadHosts start(Ledger ledger, CertificateAuthority authority) throws IOException {
        LoadHosts hosts = new LoadHosts(ledger, LoadTls.issuedBy(authority));
        for (int attempt = 1; ; attempt++) {
            try {
                hosts.listen();
                return hosts;
            } catch (BindException e) {
                hosts.close();
                hosts.hosts.clear();
                if (attempt == MOST_PORTS_TRIED) {
                    throw e;
                }
            }
        }
    }

    private void listen() throws IOException {
        for (int number = 0; number < LoadMail.DESTINATIONS; number++) {
            int port = number == 0 ? 0 : port();
            hosts.add(LoadHost.start(number, port, temper(number), tls, ledger, seen));
        }
    }

    private static Temper temper(int number) {
        return number < Temper.DISRUPTIVE.size() ? Temper.DISRUPTIVE.get(number) : Temper.PROMPT;
    }

    static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    void declare(DeclaredDns dns) {
        for (int number = 0; number < hosts.size(); number++) {
            dns.mx(LoadHost.domain(number), LoadHost.name(number));
            dns.address(LoadHost.name(number), LoadHost.address(number));
        }
    }

    int port() {
        return hosts.get(0).port();
    }

    /** Whether a token can only be refused for good. */
    boolean refuse(int token) {
        return hosts.get(LoadMail.withToken(token).destination()).refuses(token);
    }

    /** What hosts have done wrong so far. */
    Set<Disruption> seen() {
        return seen;
    }

    int connections() {
        return hosts.stream().mapToInt(LoadHost::connections).sum();
    }

    int openConnections() {
        return hosts.stream().mapToInt(LoadHost::openConnections).sum();
    }

    @Override
    public void close() throws IOException {
        for (LoadHost host : hosts) {
            host.close();
        }
    }
}
