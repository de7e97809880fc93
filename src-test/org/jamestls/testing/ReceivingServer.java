package org.jamestls.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jamestls.smtp.SmtpStep;

/**
 * A mail host on a loopback address. It receives mail as RFC 5321 has it, unless it is told otherwise,
 * and keeps what each connection brought. Safe for use by several threads.
 */
public final class ReceivingServer implements AutoCloseable {

    /** How the server deals with STARTTLS. */
    public enum StartTls {
        NOT_OFFERED,
        OFFERED,
        /** Offered, then answered 454. */
        REFUSED,
        /** Answered 220, after which the connection ends. */
        BROKEN_OFF,
        /** Answered 220 with a reply in the clear behind it, in one packet, before the handshake. */
        FOLLOWED_BY_CLEAR_TEXT
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Builder behaviour;
    private final ServerSocket listener;
    private final List<Transcript> transcripts = new CopyOnWriteArrayList<>();
    private final List<ReceivedMessage> messages = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Object changed = new Object();

    private ReceivingServer(Builder behaviour) throws IOException {
        this.behaviour = behaviour;
        this.listener = new ServerSocket();
        if (behaviour.receiveBuffer > 0) {
            listener.setReceiveBufferSize(behaviour.receiveBuffer);
        }
        listener.bind(new InetSocketAddress(InetAddress.getByName(behaviour.address), behaviour.port));
        thread("accept", this::accept);
    }

    /** A server that offers no STARTTLS unless it is given a certificate. */
    public static Builder builder() {
        return new Builder();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Transcript transcript = new Transcript();
                open.add(socket);
                transcripts.add(transcript);
                thread("connection", () -> serve(socket, transcript));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket, Transcript transcript) {
        try (socket) {
            new ReceivingSession(socket, behaviour, transcript, this::received, closing).run();
        } catch (IOException e) {
            transcript.ended(e);
        } finally {
            open.remove(socket);
            tellChange();
        }
    }

    private void thread(String name, Runnable task) {
        Thread thread = new Thread(task, "receiving-server-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void received(ReceivedMessage message) {
        messages.add(message);
        tellChange();
    }

    private void tellChange() {
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    public InetAddress address() {
        return listener.getInetAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The transcripts of all connections so far, in the order in which they came. */
    public List<Transcript> transcripts() {
        return List.copyOf(transcripts);
    }

    /** The messages accepted so far. */
    public List<ReceivedMessage> messages() {
        return List.copyOf(messages);
    }

    /** Waits until at least so many messages were accepted, and returns all. */
    public List<ReceivedMessage> awaitMessages(int count) {
        await(() -> messages.size() >= count, count + " messages, got " + messages.size());
        return messages();
    }

    /** Waits until at least so many connections came and all have ended, and returns their transcripts. */
    public List<Transcript> awaitEnded(int count) {
        await(
                () -> transcripts.size() >= count && open.isEmpty(),
                count + " ended connections, got " + transcripts.size());
        return transcripts();
    }

    private void await(BooleanSupplier condition, String expectation) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (changed) {
            while (!condition.getAsBoolean()) {
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left <= 0) {
                    throw new AssertionError("expected " + expectation);
                }
                try {
                    changed.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted", e);
                }
            }
        }
    }

    /** Presents another certificate from now on. As when a server is restarted, its connections end. */
    public void changeCertificate(HeldCertificate certificate) {
        behaviour.tlsContext = certificate.serverContext();
        try {
            endConnections();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the server and every connection. */
    @Override
    public void close() {
        closing.countDown();
        try {
            listener.close();
            endConnections();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void endConnections() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** What the server is to do. */
    public static final class Builder {
        private final Map<SmtpStep, Replies> replies = new EnumMap<>(SmtpStep.class);
        private final Map<SmtpStep, Replies> repliesOverTls = new EnumMap<>(SmtpStep.class);
        private final Map<String, Replies> recipientReplies = new ConcurrentHashMap<>();
        private final List<String> capabilitiesInTheClear = new ArrayList<>();
        private final List<String> capabilitiesOverTls = new ArrayList<>();
        private final Map<String, String> accounts = new HashMap<>();
        private String address = "127.0.0.1";
        private int port;
        private String saslName = "mx.bank.example";
        private StartTls startTls = StartTls.NOT_OFFERED;
        private volatile SSLContext tlsContext;
        private List<String> protocols = List.of();
        private boolean clientCertificateDemanded;
        private int largestHello = Integer.MAX_VALUE;
        private Fault atLargerHello = Fault.CLOSE;
        private final Map<Moment, Faults> faults = new EnumMap<>(Moment.class);
        private UnaryOperator<String> spelling = UnaryOperator.identity();
        private boolean singleOctets;
        private int receiveBuffer;
        private int mostRecipients = Integer.MAX_VALUE;
        private String refusalOfMore = "";
        private int mostMails = Integer.MAX_VALUE;
        private SmtpStep tiredAt = SmtpStep.MAIL;
        private String refusalOfMoreMails = "";

        /** The loopback address to listen on, {@code 127.0.0.1} by default. */
        public Builder address(String loopback) {
            address = loopback;
            return this;
        }

        /** The port to listen on; a free one by default. */
        public Builder port(int chosen) {
            port = chosen;
            return this;
        }

        /** Offers STARTTLS and presents the certificate. */
        public Builder certificate(HeldCertificate certificate) {
            return tlsContext(certificate.serverContext());
        }

        /** Offers STARTTLS with a context of the test's own. */
        public Builder tlsContext(SSLContext context) {
            tlsContext = context;
            return startTls(StartTls.OFFERED);
        }

        /** Deals with STARTTLS in another way; to be called after {@link #certificate}. */
        public Builder startTls(StartTls behaviour) {
            startTls = behaviour;
            return this;
        }

        /** The TLS versions to accept, such as {@code TLSv1.2}; the JDK's by default. */
        public Builder protocols(String... versions) {
            protocols = List.of(versions);
            return this;
        }

        /** Does this where the ClientHello has more than so many octets, as a host that reads one segment of it. */
        public Builder largestHello(int octets, Fault otherwise) {
            largestHello = octets;
            atLargerHello = otherwise;
            return this;
        }

        /** Ends TLS with whoever shows no certificate. */
        public Builder demandingClientCertificate() {
            clientCertificateDemanded = true;
            return this;
        }

        /** Lines of the reply to EHLO, in the clear and over TLS. */
        public Builder offering(String... capabilities) {
            return offeringInTheClear(capabilities).offeringOverTls(capabilities);
        }

        public Builder offeringInTheClear(String... capabilities) {
            capabilitiesInTheClear.addAll(List.of(capabilities));
            return this;
        }

        public Builder offeringOverTls(String... capabilities) {
            capabilitiesOverTls.addAll(List.of(capabilities));
            return this;
        }

        /** Offers AUTH PLAIN, LOGIN and CRAM-MD5, in the clear too, and knows this account. */
        public Builder account(String user, String password) {
            return knowing(user, password).offering("AUTH PLAIN LOGIN CRAM-MD5");
        }

        /** The name that DIGEST-MD5 clients have to call the server by, {@code mx.bank.example} by default. */
        public Builder saslName(String name) {
            saslName = name;
            return this;
        }

        /** Knows this account; what AUTH offers is said with {@link #offering}. */
        public Builder knowing(String user, String password) {
            accounts.put(user, password);
            return this;
        }

        /**
         * Replies to a step with these instead: one after the other, over all connections, the last one for good. A
         * line break is CRLF; a reply 421 ends the connection.
         */
        public Builder reply(SmtpStep step, String... inTurn) {
            replies.put(step, new Replies(inTurn));
            return this;
        }

        /** As {@link #reply}, once the connection is over TLS. */
        public Builder replyOverTls(SmtpStep step, String... inTurn) {
            repliesOverTls.put(step, new Replies(inTurn));
            return this;
        }

        /** As {@link #reply}, to RCPT for one recipient. */
        public Builder replyToRecipient(String recipient, String... inTurn) {
            recipientReplies.put(recipient, new Replies(inTurn));
            return this;
        }

        /** Takes so many recipients in a transaction, and replies to further ones with this. */
        public Builder mostRecipients(int number, String refusal) {
            mostRecipients = number;
            refusalOfMore = refusal;
            return this;
        }

        /** Takes so many mails over one connection, and then replies to a step of further ones with this. */
        public Builder mostMails(int number, SmtpStep step, String refusal) {
            mostMails = number;
            tiredAt = step;
            refusalOfMoreMails = refusal;
            return this;
        }

        /** Commits a fault whenever its moment comes. */
        public Builder fault(Moment moment, Fault fault) {
            return fault(moment, fault, Integer.MAX_VALUE);
        }

        /** Commits a fault the first so many times that its moment comes, over all connections. */
        public Builder fault(Moment moment, Fault fault, int times) {
            faults.put(moment, new Faults(fault, times));
            return this;
        }

        /** Writes every reply in another way: what the server would say, without the last line end, to what it says. */
        public Builder spelling(UnaryOperator<String> other) {
            spelling = other;
            return this;
        }

        /** Sends replies an octet a packet. */
        public Builder inSingleOctets() {
            singleOctets = true;
            return this;
        }

        /** How many octets that the server has not read yet may be under way, about; as the system does by default. */
        public Builder receiveBuffer(int octets) {
            receiveBuffer = octets;
            return this;
        }

        public ReceivingServer start() {
            try {
                return new ReceivingServer(this);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        StartTls startTls() {
            return startTls;
        }

        SSLContext tlsContext() {
            return tlsContext;
        }

        List<String> protocols() {
            return protocols;
        }

        Optional<Fault> faultAtHello(int octets) {
            return octets > largestHello ? Optional.of(atLargerHello) : Optional.empty();
        }

        boolean demandsClientCertificate() {
            return clientCertificateDemanded;
        }

        List<String> capabilities(boolean overTls) {
            return overTls ? capabilitiesOverTls : capabilitiesInTheClear;
        }

        String saslName() {
            return saslName;
        }

        Map<String, String> accounts() {
            return accounts;
        }

        Optional<String> reply(SmtpStep step, boolean overTls) {
            return Optional.ofNullable(
                            overTls ? repliesOverTls.getOrDefault(step, replies.get(step)) : replies.get(step))
                    .map(Replies::next);
        }

        Optional<Fault> fault(Moment moment) {
            return Optional.ofNullable(faults.get(moment)).flatMap(Faults::next);
        }

        boolean mayCommitFault(Moment moment) {
            return faults.containsKey(moment);
        }

        String spelled(String reply) {
            return spelling.apply(reply);
        }

        boolean usesSingleOctets() {
            return singleOctets;
        }

        /** The reply to a step of a mail behind so many others; empty when there are not too many. */
        Optional<String> refusalAfter(int mails, SmtpStep step) {
            return mails < mostMails || step != tiredAt ? Optional.empty() : Optional.of(refusalOfMoreMails);
        }

        /** The reply to a recipient behind so many others; empty when there are not too many. */
        Optional<String> refusalBehind(int recipients) {
            return recipients < mostRecipients ? Optional.empty() : Optional.of(refusalOfMore);
        }

        Optional<String> recipientReply(String recipient) {
            return Optional.ofNullable(recipientReplies.get(recipient)).map(Replies::next);
        }
    }

    private static final class Faults {
        private final Fault fault;
        private int left;

        private Faults(Fault fault, int times) {
            this.fault = fault;
            this.left = times;
        }

        private synchronized Optional<Fault> next() {
            return left-- > 0 ? Optional.of(fault) : Optional.empty();
        }
    }

    private static final class Replies {
        private final List<String> inTurn;
        private int used;

        private Replies(String... inTurn) {
            this.inTurn = List.of(inTurn);
        }

        private synchronized String next() {
            return inTurn.get(Math.min(used++, inTurn.size() - 1));
        }
    }
}
