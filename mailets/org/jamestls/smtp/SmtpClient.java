package org.jamestls.smtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.function.Supplier;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.tls.TlsClient;

/** Opens connections to mail hosts. Safe for use by several threads. */
public final class SmtpClient implements AutoCloseable {

    private final Supplier<TlsClient> tlsClients;
    private final ClientSettings settings;
    private final Watchdog watchdog = new Watchdog();

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
     *
     * @throws SmtpException when the host cannot be reached, refuses us, breaks the protocol, or does not satisfy the
     *     requirement ({@link SmtpFailure.TlsViolated}); the connection is closed then
     */
    public SmtpConnection open(MailHostAddress host, TlsRequirement requirement) throws SmtpException {
        TlsClient tlsClient = tlsClients.get();
        Conversation conversation = connect(host);
        boolean established = false;
        try {
            SmtpConnection connection =
                    new SessionStart(conversation, host, requirement, tlsClient, settings.heloName()).establish();
            established = true;
            return connection;
        } catch (SmtpException e) {
            conversation.quit();
            throw e;
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
                    settings.connectTimeout().toMillis());
            return new Conversation(socket, watch, settings.timeout());
        } catch (IOException e) {
            watch.end();
            closeQuietly(socket, e);
            throw new SmtpException(
                    e instanceof SocketTimeoutException
                            ? new SmtpFailure.TimedOut(SmtpStep.CONNECT, settings.connectTimeout(), false)
                            : new SmtpFailure.NotConnected(host, String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static void closeQuietly(Socket socket, IOException reason) {
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
