package org.jamestls.smtp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.policy.Violation;
import org.jamestls.tls.TlsClient;
import org.jamestls.tls.TlsConnection;
import org.jamestls.tls.TlsViolationException;

/**
 * Commands out, replies in, each within its time. Whatever breaks it closes it, and stays the reason for good. For one
 * thread at a time, {@link #abort()} excepted.
 */
final class Conversation {

    private static final int BLOCK = 16 * 1024; // the plaintext of one TLS record (RFC 8446 §5.1)
    private static final Duration LEAVE_TAKING = Duration.ofSeconds(5);

    private final Socket socket;
    private final Watchdog.Watch watch;
    private final Duration timeout;
    private Socket outermost;
    private OutputStream out;
    private ReplyReader replies;
    private volatile boolean open = true;
    private SmtpFailure end;
    private boolean messageComplete;

    Conversation(Socket socket, Watchdog.Watch watch, Duration timeout) throws IOException {
        this.socket = socket;
        this.watch = watch;
        this.timeout = timeout;
        speakOver(socket);
    }

    private void speakOver(Socket spokenOver) throws IOException {
        outermost = spokenOver;
        out = new BufferedOutputStream(new TimedOutput(spokenOver.getOutputStream(), watch, timeout), BLOCK);
        replies = new ReplyReader(spokenOver.getInputStream());
    }

    boolean isOpen() {
        return open;
    }

    /** Why the conversation broke; empty while it is open or when we ended it. */
    Optional<SmtpFailure> brokenBy() {
        return Optional.ofNullable(end);
    }

    /** Sends one command and reads the reply. */
    SmtpReply ask(SmtpStep step, String command) throws SmtpException {
        write(step, command);
        flush(step);
        return read(step);
    }

    /** Queues one command without its line end. */
    void write(SmtpStep step, String command) throws SmtpException {
        if (command.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IllegalArgumentException("a line break inside a command at " + step);
        }
        try {
            out.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw broken(step, timeout, e);
        }
    }

    /** Queues a message after the command that announces it. */
    void write(SmtpStep step, Chunk message) throws SmtpException {
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw broken(step, timeout, e);
        }
    }

    void flush(SmtpStep step) throws SmtpException {
        try {
            out.flush();
        } catch (IOException e) {
            throw broken(step, timeout, e);
        }
    }

    /** Reads the reply to the earliest command that has none yet. One that ends the connection (421) closes it. */
    SmtpReply read(SmtpStep step) throws SmtpException {
        // RFC 5321 §4.5.3.2.6: 10 minutes for the message, where other replies have 5
        Duration limit = step == SmtpStep.CONTENT ? timeout.multipliedBy(2) : timeout;
        SmtpReply reply = read(step, limit);
        if (reply.endsConnection()) {
            abort();
        }
        return reply;
    }

    private SmtpReply read(SmtpStep step, Duration limit) throws SmtpException {
        watch.arm(limit);
        try {
            socket.setSoTimeout((int) limit.toMillis());
            return replies.read();
        } catch (MalformedReplyException e) {
            throw broken(new SmtpFailure.ProtocolBroken(step, e.expected(), e.presented(), messageComplete), e);
        } catch (IOException e) {
            throw broken(step, limit, e);
        } finally {
            watch.disarm();
        }
    }

    /** Does the handshake after the 220 of STARTTLS. Everything said before it is forgotten with the old streams. */
    TlsConnection secure(TlsClient tlsClient, MailHostAddress host, TlsRequirement requirement) throws SmtpException {
        refuseEarlyOctets();
        try {
            socket.setSoTimeout(
                    (int) timeout.toMillis()); // the handshake has a deadline of its own, no later than this
            TlsConnection connection = tlsClient.handshake(socket, host.host(), host.port(), requirement);
            speakOver(connection.socket());
            return connection;
        } catch (TlsViolationException e) {
            throw broken(new SmtpFailure.TlsViolated(SmtpStep.HANDSHAKE, e.violation()), e);
        } catch (IOException e) {
            throw broken(SmtpStep.HANDSHAKE, timeout, e);
        }
    }

    // RFC 3207 §4.2 and §6: the server speaks next in the handshake alone, so octets after its 220 are an attacker's
    // or the sign of a broken host. HANDSHAKE_FAILED, since STARTTLS was offered and accepted and no handshake can
    // follow.
    private void refuseEarlyOctets() throws SmtpException {
        if (hasUnread(SmtpStep.HANDSHAKE)) {
            PolicyViolation violation = new PolicyViolation(
                    Violation.HANDSHAKE_FAILED,
                    "nothing between the 220 of STARTTLS and the handshake (RFC 3207, 4.2)",
                    "text in the clear: " + replies.unread());
            throw broken(new SmtpFailure.TlsViolated(SmtpStep.HANDSHAKE, violation), null);
        }
    }

    private boolean hasUnread(SmtpStep step) throws SmtpException {
        try {
            return replies.hasUnread();
        } catch (IOException e) {
            throw broken(step, timeout, e);
        }
    }

    /** Where the message goes: straight to the host, in blocks. Its exceptions are {@link SmtpException}s. */
    OutputStream content() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                try {
                    out.write(octets, offset, length);
                } catch (IOException e) {
                    throw broken(SmtpStep.CONTENT, timeout, e);
                }
            }
        };
    }

    /** From here to the next reply the host may take responsibility although we do not hear of it (RFC 1047 §2). */
    void messageCompletes() {
        messageComplete = true;
    }

    void messageAnswered() {
        messageComplete = false;
    }

    /** Whether nothing has arrived that nobody asked for, be it a reply or, under TLS, the announcement of an end. */
    boolean isQuiet() {
        try {
            return open && !replies.hasUnread() && socket.getInputStream().available() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The host did what a reply code does not allow at this step. */
    SmtpException unexpected(SmtpStep step, String expected, SmtpReply reply) {
        return broken(new SmtpFailure.ProtocolBroken(step, expected, reply.toString(), messageComplete), null);
    }

    private SmtpException broken(SmtpStep step, Duration limit, IOException e) {
        boolean tooLong = e instanceof SocketTimeoutException || watch.expired();
        SmtpFailure failure = tooLong
                ? new SmtpFailure.TimedOut(step, limit, messageComplete)
                : new SmtpFailure.ConnectionLost(step, String.valueOf(e.getMessage()), messageComplete);
        return broken(failure, e);
    }

    private SmtpException broken(SmtpFailure failure, IOException cause) {
        abort();
        if (end == null) {
            end = failure;
        }
        return new SmtpException(end, cause);
    }

    /** Says QUIT and waits a short time for the reply, when the conversation is still open; then closes. */
    void quit() {
        if (!open) {
            return;
        }
        Duration limit = timeout.compareTo(LEAVE_TAKING) < 0 ? timeout : LEAVE_TAKING;
        try {
            write(SmtpStep.QUIT, "QUIT");
            flush(SmtpStep.QUIT);
            read(SmtpStep.QUIT, limit);
            watch.arm(limit);
            outermost.close();
        } catch (IOException e) {
            // RFC 5321 §4.1.1.10: the mail is settled before QUIT, so how the leave-taking ends does not matter
            open = false;
        } finally {
            abort();
        }
    }

    /** Closes at once, without a word to TLS or SMTP. */
    void abort() {
        open = false;
        watch.end();
        try {
            socket.close();
        } catch (IOException e) {
            // closed all the same
            open = false;
        }
    }
}
