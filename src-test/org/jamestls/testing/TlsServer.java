package org.jamestls.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server on port 0 that starts TLS on every connection and sends back each byte that it gets. */
public final class TlsServer implements AutoCloseable {

    /** What the server does with a connection. */
    @FunctionalInterface
    public interface Session {
        void serve(Socket connection) throws IOException;
    }

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<SSLSocket> established = new LinkedBlockingQueue<>();

    private TlsServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** A server of the certificate with the JDK's TLS. */
    public static TlsServer presenting(HeldCertificate certificate) throws IOException {
        return with(certificate.serverContext(), socket -> {});
    }

    /** A server of the context whose sockets are set up as the second argument says. */
    public static TlsServer with(SSLContext context, Consumer<SSLSocket> setUp) throws IOException {
        TlsServer server = new TlsServer();
        return server.start(plain -> {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
            socket.setUseClientMode(false);
            setUp.accept(socket);
            socket.startHandshake();
            server.established.add(socket);
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
    }

    /** A server that does as it is told. */
    public static TlsServer scripted(Session session) throws IOException {
        return new TlsServer().start(session);
    }

    private TlsServer start(Session session) {
        daemon(() -> {
            while (!listener.isClosed()) {
                Socket connection = listener.accept();
                open.add(connection);
                daemon(() -> {
                    try (connection) {
                        session.serve(connection);
                    }
                });
            }
        });
        return this;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException | RuntimeException e) {
                // the client's side of the failure is what tests look at
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** A connection to the server. */
    public Socket connect() throws IOException {
        Socket socket = new Socket(listener.getInetAddress(), port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The server's sides of the connections whose handshake it has finished. */
    public BlockingQueue<SSLSocket> established() {
        return established;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : open) {
            connection.close();
        }
    }

    private interface Task {
        void run() throws IOException;
    }
}
