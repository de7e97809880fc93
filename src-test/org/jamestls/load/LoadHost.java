package org.jamestls.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** The mail host of one destination, on a loopback address of its own. */
final class LoadHost implements AutoCloseable {

    private static final Duration OUTAGE = Duration.ofMillis(700);
    private static final int BACKLOG = 200;

    private final int number;
    private final Temper temper;
    private final LoadTls tls;
    private final Ledger ledger;
    private final Set<Disruption> seen;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger mails = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile ServerSocket listener;

    private LoadHost(
            int number, Temper temper, LoadTls tls, Ledger ledger, Set<Disruption> seen, ServerSocket listener) {
        this.number = number;
        this.temper = temper;
        this.tls = tls;
        this.ledger = ledger;
        this.seen = seen;
        this.listener = listener;
    }

    /**
     * Starts a host.
     *
     * @param port where it listens; 0 for any
     * @param seen gets what this host does wrong
     */
    static LoadHost start(int number, int port, Temper temper, LoadTls tls, Ledger ledger, Set<Disruption> seen)
            throws IOException {
        LoadHost host = new LoadHost(number, temper, tls, ledger, seen, listen(number, port));
        LoadHosts.thread(host::acceptAll, "load-host-" + number).start();
        return host;
    }

    private static ServerSocket listen(int number, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(address(number), port), BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static String domain(int number) {
        return "d" + number + "." + LoadHosts.PARENT_DOMAIN;
    }

    static String name(int number) {
        return "mx" + number + "." + LoadHosts.PARENT_DOMAIN;
    }

    static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(name(number), new byte[] {127, 0, 77, (byte) (1 + number)});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    private void acceptAll() {
        while (closing.getCount() > 0) {
            try {
                accept(listener.accept());
            } catch (IOException | InterruptedException e) {
                // closed, or a client that went at once: the condition says which
                continue;
            }
        }
    }

    private void accept(Socket socket) throws IOException, InterruptedException {
        Optional<Disruption> disruption = disruption(temper.atConnections(), connections);
        if (disruption.filter(Disruption.DOWN::equals).isPresent()) {
            socket.close();
            beDown();
            return;
        }
        socket.setTcpNoDelay(true);
        open.add(socket);
        LoadHosts.thread(() -> converse(socket, disruption), "load-session-" + number)
                .start();
    }

    private void beDown() throws IOException, InterruptedException {
        int port = port();
        listener.close();
        if (!closing.await(OUTAGE.toMillis(), TimeUnit.MILLISECONDS)) {
            listener = listen(number, port);
        }
    }

    private void converse(Socket socket, Optional<Disruption> disruption) {
        try (socket) {
            new LoadSession(this, socket, disruption).run();
        } catch (IOException e) {
            // the client has gone, or was thrown out
            open.remove(socket);
        } finally {
            open.remove(socket);
        }
    }

    private Optional<Disruption> disruption(Changes changes, AtomicInteger counter) {
        Optional<Disruption> disruption = changes.at(counter.getAndIncrement());
        disruption.ifPresent(seen::add);
        return disruption;
    }

    /** What this host does wrong with the next mail. */
    Optional<Disruption> disruptionOfNextMail() {
        return disruption(temper.atMails(), mails);
    }

    boolean refuses(int token) {
        return temper.refusesSomeForGood() && LoadMail.mayBeRefused(token);
    }

    /** Whether the host bears this extension. */
    boolean pipelining() {
        return number % 4 < 2;
    }

    /** Whether the host bears this extension. */
    boolean chunking() {
        return number % 2 == 0;
    }

    SSLContext certificate(boolean wrong) {
        return wrong ? tls.wrong() : tls.right();
    }

    void take(boolean overTls, java.util.Collection<Integer> tokens, String message) {
        ledger.take(number, overTls, tokens, message);
    }

    int connections() {
        return connections.get();
    }

    int openConnections() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
