package org.jamestls.smtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.tls.TlsClient;
import org.jamestls.tls.TlsViolationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections to mail hosts. Safe for use by several threads. */
public final class SmtpClient implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpClient.class);

    private final Supplier<TlsClient> tlsClients;
    private final ClientSettings settings;
    private final Watchdog watchdog = new Watchdog();
    private final SmallHelloHosts smallHelloHosts = new SmallHelloHosts(InstantSource.system());

    public SmtpClient(TlsClient tlsClient, ClientSettings settings) {
        this(() -> tlsClient, settings);
    }

    /** @param tlsClients gives the client for the next handshake */
    public SmtpClient(Supplier<TlsClient> tlsClients, ClientSettings settings) {
        this.tlsClients = tlsClients;
        this.settings = settings;
    }

    /**
     * Connects to one address of a mail host, greets it and, as the requirement asks, secures the connection. When this
     * returns, the requirement is satisfied; nothing of a mail and no credentials have been sent. Under
     * {@link TlsRequirement.Opportunistic} a host that does not offer STARTTLS, or refuses it, is spoken to in the clear
     * on the same connection; where the handshake fails, the caller may open a fresh one with
     * {@link TlsRequirement#CLEARTEXT}. {@link TlsRequirement.Reported} does the same, and judges what it goes on with.
     * A host that gives the large first message of the post-quantum hybrid no answer is tried once more without it, and for an
     * hour without it at once.
     *
     * @throws SmtpException when the host cannot be reached, refuses us, breaks the protocol, or does not satisfy the
     *     requirement ({@link SmtpFailure.TlsViolated}); the connection is closed then
     */
    public SmtpConnection open(MailHostAddress host, TlsRequirement requirement) throws SmtpException {
        TlsClient tlsClient = tlsClients.get();
        Optional<TlsClient> small = tlsClient.withSmallHello();
        if (small.isPresent() && smallHelloHosts.contains(host)) {
            return open(host, requirement, small.get());
        }
        try {
            return open(host, requirement, tlsClient);
        } catch (SmtpException e) {
            if (small.isEmpty() || !helloUnanswered(e)) {
                throw e;
            }
            LOGGER.info(
                    "{}: no answer to the first TLS message, which is large for the sake of the post-quantum hybrid;"
                            + " one more handshake, with classical key exchange alone. {}",
                    host,
                    e.getMessage());
            return openAgain(host, requirement, small.get(), e);
        }
    }

    private static boolean helloUnanswered(SmtpException failure) {
        return failure.getCause() instanceof TlsViolationException violation && violation.helloUnanswered();
    }

    /** What comes of the first attempt stands unless the second gets as far. */
    private SmtpConnection openAgain(
            MailHostAddress host, TlsRequirement requirement, TlsClient small, SmtpException first)
            throws SmtpException {
        try {
            SmtpConnection connection = open(host, requirement, small);
            if (connection.tls().isPresent()) {
                smallHelloHosts.add(host);
            }
            return connection;
        } catch (SmtpException second) {
            throw second.failure() instanceof SmtpFailure.TlsViolated ? second : first;
        }
    }

    private SmtpConnection open(MailHostAddress host, TlsRequirement requirement, TlsClient tlsClient)
            throws SmtpException {
        Conversation conversation = connect(host);
        boolean established = false;
        try {
            SmtpConnection connection =
                    new SessionStart(conversation, host, requirement, tlsClient, settings.heloName()).establish();
            if (!settings.chunking()) {
                connection.avoidChunking();
            }
            established = true;
            return connection;
        } catch (SmtpException e) {
            conversation.quit();
            throw e;
        } catch (RuntimeException | Error e) {
            throw new SmtpException(InternalErrors.at(SmtpStep.CONNECT, host, e, false), e);
        } finally {
            if (!established) {
                conversation.abort();
            }
        }
    }

    private Conversation connect(MailHostAddress host) throws SmtpException {
        Socket socket = new Socket();
        Watchdog.Watch watch = watchdog.watch(socket);
        try {
            // Nagle's algorithm against delayed acknowledgements would cost 44 ms per mail and per handshake
            socket.setTcpNoDelay(true);
            if (settings.bindAddress().isPresent()) {
                socket.bind(new InetSocketAddress(settings.bindAddress().get(), 0));
            }
            socket.connect(new InetSocketAddress(host.address().address(), host.port()), (int)
                    settings.limits().connect().toMillis());
            return new Conversation(socket, watch, settings.limits());
        } catch (RuntimeException | Error e) {
            watch.end();
            closeQuietly(socket, e);
            throw new SmtpException(InternalErrors.at(SmtpStep.CONNECT, host, e, false), e);
        } catch (IOException e) {
            watch.end();
            closeQuietly(socket, e);
            throw new SmtpException(
                    e instanceof SocketTimeoutException
                            ? new SmtpFailure.TimedOut(
                                    SmtpStep.CONNECT, settings.limits().connect(), false)
                            : new SmtpFailure.NotConnected(host, String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static void closeQuietly(Socket socket, Throwable reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Closes every connection at once, those to come included. */
    @Override
    public void close() {
        watchdog.close();
    }
}
