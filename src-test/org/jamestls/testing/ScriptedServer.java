package org.jamestls.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/** A hostile peer: says octet by octet what its script says. */
public final class ScriptedServer implements AutoCloseable {

    /** What the server does with a connection. When it returns, the connection is closed. */
    @FunctionalInterface
    public interface Script {
        void play(Peer peer) throws IOException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final Executor conversations;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<String> received = new CopyOnWriteArrayList<>();

    private ScriptedServer(Script script, Executor conversations) throws IOException {
        this.script = script;
        this.conversations = conversations;
        this.listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        inAThread(this::serve);
    }

    private static void inAThread(Runnable work) {
        Thread thread = new Thread(work, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** To one connection after the other. */
    public static ScriptedServer playing(Script script) {
        return start(script, Runnable::run);
    }

    /** To all connections at the same time. */
    public static ScriptedServer playingToAll(Script script) {
        return start(script, ScriptedServer::inAThread);
    }

    private static ScriptedServer start(Script script, Executor conversations) {
        try {
            return new ScriptedServer(script, conversations);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                conversations.execute(() -> converse(socket));
            } catch (IOException e) {
                received.add("(ended)");
            }
        }
    }

    private void converse(Socket accepted) {
        try (Socket socket = accepted) {
            socket.setTcpNoDelay(true);
            script.play(new Peer(socket));
        } catch (IOException e) {
            received.add("(ended)");
        }
    }

    public InetAddress address() {
        return listener.getInetAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The lines that clients sent so far, and {@code (ended)} where a connection broke off. */
    public List<String> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The client's end of a connection, as the script sees it. */
    public final class Peer {
        private final Socket socket;
        private final InputStream in;

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        public Peer send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.UTF_8));
        }

        public Peer send(byte[] octets) throws IOException {
            socket.getOutputStream().write(octets);
            return this;
        }

        /** One octet a packet. */
        public Peer sendInSingleOctets(String text) throws IOException {
            for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
                socket.getOutputStream().write(octet);
            }
            return this;
        }

        /** In packets of one to nine octets. */
        public Peer sendInPieces(String text, Random random) throws IOException {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < octets.length; ) {
                int length = Math.min(1 + random.nextInt(9), octets.length - from);
                socket.getOutputStream().write(octets, from, length);
                from += length;
            }
            return this;
        }

        /** Reads a line, whatever it says. */
        public String readLine() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    throw new EOFException();
                }
                line.append((char) octet);
            }
            String text = line.toString().stripTrailing();
            received.add(text);
            return text;
        }

        /** Reads lines until one begins so. */
        public Peer readUntil(String prefix) throws IOException {
            while (!readLine().startsWith(prefix)) {
                continue;
            }
            return this;
        }

        /** Reads a BDAT command and the octets of its chunk (RFC 3030 §2), and returns those. */
        public byte[] readChunk() throws IOException {
            String[] words = readLine().split(" ");
            if (!words[0].equals("BDAT")) {
                throw new AssertionError("expected BDAT, got " + words[0]);
            }
            byte[] chunk = in.readNBytes(Integer.parseInt(words[1]));
            if (chunk.length < Integer.parseInt(words[1])) {
                throw new EOFException();
            }
            return chunk;
        }

        /** Sends the text for ever, octet by octet, with a pause that ends early when the client goes. */
        public void drip(String text, int pauseMillis) throws IOException {
            socket.setSoTimeout(pauseMillis);
            for (int i = 0; ; i++) {
                send(text.substring(i % text.length(), i % text.length() + 1));
                try {
                    if (in.read() < 0) {
                        return;
                    }
                } catch (SocketTimeoutException e) {
                    continue;
                }
            }
        }

        /** Says nothing more until the client goes. */
        public void stall() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }

        /** Neither reads nor says anything until the server is closed. */
        public void ignore() {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Ends the connection with RST. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
