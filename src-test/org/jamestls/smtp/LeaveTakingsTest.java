package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.smtp.Sessions.AMPLE;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.envelope;
import static org.jamestls.smtp.Sessions.message;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.TlsRequirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that take mail and do not answer QUIT: their connections count as long as they are open. */
@Timeout(60)
class LeaveTakingsTest {

    private static final int MAILS = 300;

    @Test
    void hostShouldNotHaveMoreConnectionsThanItsLimit() throws Exception {
        try (MuteHosts hosts = new MuteHosts(1)) {
            deliver(hosts, new ConnectionLimits(5, 200, 1, AMPLE, AMPLE));

            assertThat(hosts.mostOpen()).isEqualTo(5);
        }
    }

    @Test
    void allHostsTogetherShouldNotHaveMoreConnectionsThanTheirLimit() throws Exception {
        try (MuteHosts hosts = new MuteHosts(3)) {
            deliver(hosts, new ConnectionLimits(5, 7, 1, AMPLE, AMPLE));

            assertThat(hosts.mostOpen()).isEqualTo(7);
        }
    }

    private static void deliver(MuteHosts hosts, ConnectionLimits limits) throws SmtpException {
        try (SmtpClient client = client();
                SmtpConnections connections = new SmtpConnections(client, limits, AMPLE, Clock.systemUTC())) {
            for (int i = 0; i < MAILS; i++) {
                MailHostAddress host = hosts.address(i);
                ConnectionKey key = new ConnectionKey(host, TlsRequirement.CLEARTEXT, Optional.empty());
                try (LeasedConnection leased = connections.lease(key)) {
                    assertThat(leased.connection()
                                    .send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS)
                                    .delivered())
                            .hasSize(1);
                }
            }
        }
    }

    /** Hosts that keep every connection open until the client closes it. */
    private static final class MuteHosts implements AutoCloseable {
        private final List<ServerSocketChannel> listeners = new ArrayList<>();
        private final List<SocketChannel> open = new ArrayList<>();
        private int mostOpen;

        private MuteHosts(int number) throws IOException {
            for (int i = 0; i < number; i++) {
                ServerSocketChannel listener = ServerSocketChannel.open();
                listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
                listeners.add(listener);
                Thread thread = new Thread(() -> accept(listener), "mute-host");
                thread.setDaemon(true);
                thread.start();
            }
        }

        private MailHostAddress address(int number) {
            return MailHostAddress.of(
                    new IpAddress(InetAddress.getLoopbackAddress()),
                    listeners.get(number % listeners.size()).socket().getLocalPort());
        }

        private synchronized int mostOpen() {
            return mostOpen;
        }

        private void accept(ServerSocketChannel listener) {
            try {
                while (true) {
                    SocketChannel connection = listener.accept();
                    count(connection);
                    converse(connection);
                }
            } catch (IOException e) {
                return; // the test is over
            }
        }

        private synchronized void count(SocketChannel connection) {
            open.removeIf(MuteHosts::isClosedByClient);
            open.add(connection);
            mostOpen = Math.max(mostOpen, open.size());
        }

        private static boolean isClosedByClient(SocketChannel connection) {
            if (connection.isBlocking()) {
                return false; // in conversation
            }
            try {
                return connection.read(ByteBuffer.allocate(1)) < 0;
            } catch (IOException e) {
                return true;
            }
        }

        private void converse(SocketChannel connection) throws IOException {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(connection.socket().getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = connection.socket().getOutputStream();
            String reply = "220 mute";
            boolean message = false;
            while (!reply.isEmpty()) {
                out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                String line = in.readLine();
                while (message && !line.equals(".")) {
                    line = in.readLine();
                }
                message = line.equals("DATA");
                reply = message ? "354 go" : line.equals("QUIT") ? "" : "250 ok";
            }
            synchronized (this) {
                connection.configureBlocking(false);
            }
        }

        @Override
        public void close() throws IOException {
            for (ServerSocketChannel listener : listeners) {
                listener.close();
            }
            synchronized (this) {
                for (SocketChannel connection : open) {
                    connection.close();
                }
            }
        }
    }
}
