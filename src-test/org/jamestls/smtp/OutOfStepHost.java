package org.jamestls.smtp;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.jamestls.policy.Host;
import org.jamestls.policy.IpAddress;
import org.jamestls.testing.HeldCertificate;

/** A mail host that has one reply too many, too few, too late or too early at one step, whenever that comes. */
final class OutOfStepHost implements AutoCloseable {

    /** Where its replies go wrong. */
    enum Place {
        GREETING,
        EHLO,
        STARTTLS,
        EHLO_OVER_TLS,
        MAIL,
        RCPT,
        DATA,
        /** After the final dot, or BDAT and its chunk. */
        CONTENT,
        RSET
    }

    /** How they go wrong. */
    enum Way {
        /** The reply comes twice, in one packet. */
        TWICE,
        /** The reply comes again 5 ms later, as an LMTP server has one for each recipient. */
        AGAIN_LATER,
        /** A positive reply comes with it. */
        WITH_A_POSITIVE_ONE,
        /** A positive reply comes 5 ms after it. */
        A_POSITIVE_ONE_LATER,
        /** It does not come. */
        NEVER,
        /** It comes with the reply to the step before. */
        EARLY
    }

    private static final long LATER_MILLIS = 5;
    private static final String POSITIVE = "250 2.0.0 stray\r\n";
    private static final Pattern TOKEN = Pattern.compile("Subject: (\\d+)");

    private final Place place;
    private final Way way;
    private final List<String> offers;
    private final int fromMail;
    private final boolean takes;
    private final Optional<HeldCertificate> certificate;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger mails = new AtomicInteger();
    private final Map<Integer, Integer> taken = new TreeMap<>();

    /**
     * @param fromMail at which MAIL it begins to be out of step, from 1
     * @param takes whether it takes messages, or refuses all
     */
    OutOfStepHost(
            Place place,
            Way way,
            List<String> offers,
            int fromMail,
            boolean takes,
            Optional<HeldCertificate> certificate)
            throws IOException {
        this.place = place;
        this.way = way;
        this.offers = offers;
        this.fromMail = fromMail;
        this.takes = takes;
        this.certificate = certificate;
        this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        daemon(() -> {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                daemon(() -> new Session(socket).run());
            }
        });
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException | RuntimeException e) {
                // the client's side of it is what tests look at
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    MailHostAddress address() {
        return new MailHostAddress(
                Host.parse(Sessions.HOST), new IpAddress(listener.getInetAddress()), listener.getLocalPort());
    }

    /** How often each message was taken, by the number that is its subject. */
    Map<Integer, Integer> taken() {
        synchronized (taken) {
            return Map.copyOf(taken);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private final class Session {
        private final Socket plain;
        private Socket socket;
        private InputStream in;
        private boolean overTls;
        private boolean chunks;
        private int recipients;

        private Session(Socket socket) throws IOException {
            plain = socket;
            speakOver(socket);
        }

        private void speakOver(Socket spokenOver) throws IOException {
            socket = spokenOver;
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }

        private void run() throws IOException {
            try (plain) {
                reply(Place.GREETING, "220 mx", Place.EHLO);
                while (obey(line().split(" "))) {
                    continue;
                }
            }
        }

        private boolean obey(String... words) throws IOException {
            switch (words[0].toUpperCase(Locale.ROOT)) {
                case "EHLO" ->
                    reply(
                            overTls ? Place.EHLO_OVER_TLS : Place.EHLO,
                            ehlo(),
                            !overTls && certificate.isPresent() ? Place.STARTTLS : Place.MAIL);
                case "STARTTLS" -> startTls();
                case "MAIL" -> {
                    mails.incrementAndGet();
                    recipients = 0;
                    reply(Place.MAIL, "250 2.1.0 sender ok", Place.RCPT);
                }
                case "RCPT" -> {
                    recipients++;
                    // what makes a client say RSET is a transaction without recipients
                    boolean refused = place == Place.RSET && mails.get() % 2 == 1;
                    reply(
                            recipients == 1 ? Place.RCPT : null,
                            refused ? "550 5.1.1 nobody" : "250 2.1.5 recipient ok",
                            recipients == 1 ? null : chunks ? Place.CONTENT : Place.DATA);
                }
                case "DATA" -> {
                    if (place == Place.RSET && mails.get() % 2 == 1) {
                        send("503 5.5.1 no recipients\r\n");
                        return true;
                    }
                    reply(Place.DATA, "354 go ahead", Place.CONTENT);
                    take(readToDot());
                }
                case "BDAT" -> {
                    chunks = true;
                    take(new String(in.readNBytes(Integer.parseInt(words[1])), StandardCharsets.ISO_8859_1));
                }
                case "RSET" -> reply(Place.RSET, "250 2.0.0 forgotten", Place.MAIL);
                case "QUIT" -> {
                    send("221 2.0.0 bye\r\n");
                    return false;
                }
                default -> send("500 5.5.1 what is " + words[0] + "\r\n");
            }
            return true;
        }

        private String ehlo() {
            StringBuilder reply = new StringBuilder("250-mx\r\n");
            offers.forEach(offer -> reply.append("250-").append(offer).append("\r\n"));
            return reply.append(overTls || certificate.isEmpty() ? "250 DSN" : "250 STARTTLS")
                    .toString();
        }

        private void startTls() throws IOException {
            reply(Place.STARTTLS, "220 2.0.0 ready", Place.EHLO_OVER_TLS);
            SSLSocket secured = (SSLSocket) certificate
                    .orElseThrow()
                    .serverContext()
                    .getSocketFactory()
                    .createSocket(socket, "client", socket.getPort(), true);
            secured.setUseClientMode(false);
            secured.startHandshake();
            overTls = true;
            speakOver(secured);
        }

        private void take(String message) throws IOException {
            if (takes) {
                Matcher token = TOKEN.matcher(message);
                if (token.find()) {
                    synchronized (taken) {
                        taken.merge(Integer.valueOf(token.group(1)), 1, Integer::sum);
                    }
                }
            }
            reply(Place.CONTENT, takes ? "250 2.0.0 taken" : "554 5.7.1 no", Place.MAIL);
        }

        private void reply(Place at, String text, Place next) throws IOException {
            String line = text + "\r\n";
            if (way == Way.EARLY && next == place && isOutOfStep()) {
                send((at == place ? "" : line) + usual(next) + "\r\n");
                return;
            }
            if (at != place || !isOutOfStep()) {
                send(line);
                return;
            }
            switch (way) {
                case TWICE -> send(line + line);
                case WITH_A_POSITIVE_ONE -> send(line + POSITIVE);
                case AGAIN_LATER -> sendLater(line, line);
                case A_POSITIVE_ONE_LATER -> sendLater(line, POSITIVE);
                case NEVER, EARLY -> {}
            }
        }

        private void sendLater(String line, String more) throws IOException {
            send(line);
            try {
                Thread.sleep(LATER_MILLIS);
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            send(more);
        }

        private String usual(Place ahead) {
            return switch (ahead) {
                case GREETING, STARTTLS -> "220 ready";
                case EHLO, EHLO_OVER_TLS -> ehlo();
                case MAIL -> "250 2.1.0 sender ok";
                case RCPT -> "250 2.1.5 recipient ok";
                case DATA -> "354 go ahead";
                case CONTENT -> takes ? "250 2.0.0 taken" : "554 5.7.1 no";
                case RSET -> "250 2.0.0 forgotten";
            };
        }

        private boolean isOutOfStep() {
            return place.compareTo(Place.MAIL) < 0 || mails.get() >= fromMail;
        }

        private void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        private String readToDot() throws IOException {
            StringBuilder message = new StringBuilder();
            for (String line = line(); !line.equals("."); line = line()) {
                message.append(line).append("\r\n");
            }
            return message.toString();
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    throw new EOFException();
                }
                line.append((char) octet);
            }
            return line.toString().stripTrailing();
        }
    }
}
