package org.jamestls.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A long line: whatever enters at one end leaves at the other a fixed time later, in both directions, however much is
 * under way. Opening a connection is not delayed, which spares those who open many.
 */
final class DelayingRelay implements AutoCloseable {

    private static final int PIECE = 1 << 16;

    private final Duration oneWay;
    private final InetSocketAddress upstream;
    private final ServerSocket listening;
    private final ExecutorService pumps = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        return thread;
    });

    /** Bytes that entered, and when they leave; no bytes for the end. */
    private record Piece(byte[] bytes, long leavesAt) {}

    private DelayingRelay(ServerSocket listening, InetSocketAddress upstream, Duration oneWay) {
        this.listening = listening;
        this.upstream = upstream;
        this.oneWay = oneWay;
    }

    static DelayingRelay start(InetAddress address, InetSocketAddress upstream, Duration oneWay) throws IOException {
        DelayingRelay relay = new DelayingRelay(new ServerSocket(upstream.getPort(), 1024, address), upstream, oneWay);
        relay.pumps.execute(relay::acceptAll);
        return relay;
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                Socket far = new Socket(upstream.getAddress(), upstream.getPort());
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                pump(near, far);
                pump(far, near);
            } catch (IOException e) {
                // closed, or the one who called has gone again
            }
        }
    }

    private void pump(Socket from, Socket to) {
        BlockingQueue<Piece> line = new LinkedBlockingQueue<>();
        pumps.execute(() -> enter(from, line));
        pumps.execute(() -> leave(line, to));
    }

    private void enter(Socket from, BlockingQueue<Piece> line) {
        byte[] buffer = new byte[PIECE];
        try (InputStream input = from.getInputStream()) {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                line.add(new Piece(Arrays.copyOf(buffer, read), System.nanoTime() + oneWay.toNanos()));
            }
        } catch (IOException e) {
            // the other direction has closed it
        } finally {
            line.add(new Piece(new byte[0], System.nanoTime() + oneWay.toNanos()));
        }
    }

    private static void leave(BlockingQueue<Piece> line, Socket to) {
        try (OutputStream output = to.getOutputStream()) {
            for (Piece piece = line.take(); piece.bytes().length > 0; piece = line.take()) {
                waitUntil(piece.leavesAt());
                output.write(piece.bytes());
            }
        } catch (IOException e) {
            // the receiver has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        pumps.shutdownNow();
    }
}
