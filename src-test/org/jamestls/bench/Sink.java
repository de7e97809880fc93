package org.jamestls.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The mail host of all destinations, a process of its own: takes every message over STARTTLS, counts it and forgets it.
 * The only argument is the key store. Commands: {@code describe}, {@code reset}, {@code report}.
 */
final class Sink {

    private static final int BACKLOG = 1024;

    private final SinkTls tls;
    private final SinkCounts counts = new SinkCounts();
    private final ExecutorService sessions = Executors.newCachedThreadPool(Sink::daemon);
    private final Selector arrivals;
    private int port;

    private Sink(SinkTls tls) throws IOException {
        this.tls = tls;
        this.arrivals = Selector.open();
    }

    private static Thread daemon(Runnable session) {
        Thread thread = new Thread(session, "session");
        thread.setDaemon(true);
        return thread;
    }

    public static void main(String[] arguments) throws Exception {
        Sink sink = new Sink(SinkTls.presenting(Path.of(arguments[0])));
        sink.listen();
        daemon(sink::acceptAll).start();
        Commands.serve(Map.of(
                "describe", nothing -> sink.describe(),
                "reset", nothing -> sink.counts.reset(),
                "report", nothing -> sink.counts.report()));
    }

    private Figures describe() {
        return new Figures(Map.of("port", (long) port, "nativeCode", tls.nativeCode() ? 1L : 0L));
    }

    /** The same port, whichever is free, on the addresses of all destinations but the one behind the relay. */
    private void listen() throws IOException {
        for (Destination destination : Destination.all()) {
            if (!destination.equals(Destination.DISTANT)) {
                ServerSocketChannel channel = ServerSocketChannel.open();
                channel.bind(new InetSocketAddress(destination.address(), port), BACKLOG);
                port = channel.socket().getLocalPort();
                channel.configureBlocking(false);
                if (!destination.equals(Destination.SILENT)) {
                    channel.register(arrivals, SelectionKey.OP_ACCEPT);
                }
            }
        }
    }

    private void acceptAll() {
        while (true) {
            try {
                arrivals.select(key -> accept((ServerSocketChannel) key.channel()));
            } catch (IOException e) {
                e.printStackTrace();
            }
        }
    }

    private void accept(ServerSocketChannel listening) {
        try {
            SocketChannel channel = listening.accept();
            if (channel != null) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Socket socket = channel.socket();
                sessions.execute(new SinkSession(socket, tls, counts));
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }
}
