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
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);
    private static final String CLOSING = "421"; // RFC 5321 §3.8

    private final Socket socket;
    private final Watchdog.Watch watch;
    private final TimeLimits limits;
    private Socket outermost;
    private OutputStream out;
    private ReplyReader replies;
    private volatile boolean open = true;
    private SmtpFailure end;
    private boolean messageComplete;
    private int awaitedReplies = 1; // the greeting

    Conversation(Socket socket, Watchdog.Watch watch, TimeLimits limits) throws IOException {
        this.socket = socket;
        this.watch = watch;
        this.limits = limits;
        speakOver(socket);
    }

    /** How long the host has for a reply to a command. */
    Duration timeout() {
        return limits.reply();
    }

    private void speakOver(Socket spokenOver) throws IOException {
        outermost = spokenOver;
        out = new BufferedOutputStream(new TimedOutput(spokenOver.getOutputStream(), watch, limits.reply()), BLOCK);
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

    /**
     * Queues one command without its line end. What has arrived before a command that no other is outstanding beside is
     * no reply to any: SMTP numbers nothing, so from there on each reply would be taken for that to the next command.
     */
    void write(SmtpStep step, String command) throws SmtpException {
        if (awaitedReplies == 0) {
            refuseStray(step);
        }
        awaitedReplies++;
        writeLine(step, command);
    }

    private void writeLine(SmtpStep step, String command) throws SmtpException {
        if (command.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IllegalArgumentException("a line break inside a command at " + step);
        }
        try {
            out.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw broken(step, limits.reply(), e);
        }
    }

    /** Queues a message after the command that announces it. */
    void write(SmtpStep step, Chunk message) throws SmtpException {
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw broken(step, limits.reply(), e);
        }
    }

    void flush(SmtpStep step) throws SmtpException {
        try {
            out.flush();
        } catch (IOException e) {
            throw broken(step, limits.reply(), e);
        }
    }

    /** Reads the reply to the earliest command that has none yet. One that ends the connection (421) closes it. */
    SmtpReply read(SmtpStep step) throws SmtpException {
        return readWithin(step, limits.of(step), limits.of(step));
    }

    /**
     * The same, as one of several replies that have a time together.
     *
     * @param left what is left of it
     * @param all the whole of it
     */
    SmtpReply read(SmtpStep step, Duration left, Duration all) throws SmtpException {
        return left.compareTo(limits.of(step)) < 0 ? readWithin(step, left, all) : read(step);
    }

    private SmtpReply readWithin(SmtpStep step, Duration limit, Duration told) throws SmtpException {
        SmtpReply reply = readOne(step, limit, told);
        if (reply.endsConnection()) {
            abort();
        }
        return reply;
    }

    private SmtpReply readOne(SmtpStep step, Duration limit, Duration told) throws SmtpException {
        watch.arm(limit);
        try {
            socket.setSoTimeout(Math.max(1, (int) limit.toMillis()));
            SmtpReply reply = replies.read();
            awaitedReplies--;
            return reply;
        } catch (MalformedReplyException e) {
            throw broken(new SmtpFailure.ProtocolBroken(step, e.expected(), e.presented(), messageComplete), e);
        } catch (IOException e) {
            throw broken(step, told, e);
        } finally {
            watch.disarm();
        }
    }

    /** Does the handshake after the 220 of STARTTLS. Everything said before it is forgotten with the old streams. */
    TlsConnection secure(TlsClient tlsClient, MailHostAddress host, TlsRequirement requirement) throws SmtpException {
        refuseEarlyOctets();
        try {
            socket.setSoTimeout(
                    (int) limits.reply().toMillis()); // the handshake has a deadline of its own, no later than this
            TlsConnection connection = tlsClient.handshake(socket, host.host(), host.port(), requirement);
            speakOver(connection.socket());
            return connection;
        } catch (TlsViolationException e) {
            throw broken(new SmtpFailure.TlsViolated(SmtpStep.HANDSHAKE, e.violation()), e);
        } catch (IOException e) {
            throw broken(SmtpStep.HANDSHAKE, limits.reply(), e);
        }
    }

    // RFC 3207 §4.2 and §6: the server speaks next in the handshake alone, so octets after its 220 are an attacker's
    // or the sign of a broken host. HANDSHAKE_FAILED, since STARTTLS was offered and accepted and no handshake can
    // follow.
    private void refuseEarlyOctets() throws SmtpException {
        if (hasUnread()) {
            PolicyViolation violation = new PolicyViolation(
                    Violation.HANDSHAKE_FAILED,
                    "nothing between the 220 of STARTTLS and the handshake (RFC 3207, 4.2)",
                    "text in the clear: " + replies.unread());
            throw broken(new SmtpFailure.TlsViolated(SmtpStep.HANDSHAKE, violation), null);
        }
    }

    /**
     * Breaks the conversation when something has arrived that is no reply to a command.
     *
     * @param step what would come next, or came last
     */
    void refuseStray(SmtpStep step) throws SmtpException {
        if (!hasUnread()) {
            return;
        }
        // RFC 5321 §3.8: a host that has to end the connection may say 421 whatever comes
        if (announcesEnd()) {
            throw new SmtpException(new SmtpFailure.Refused(step, read(step)));
        }
        throw outOfStep(step, "no reply without a command", replies.unread(), false);
    }

    /** Whether what has arrived says that the host ends the connection. */
    boolean announcesEnd() {
        return replies.unread().startsWith(CLOSING);
    }

    /** Whether a refusal has arrived right behind the positive reply just read. */
    boolean takesItBack() {
        return hasUnread() && !announcesEnd() && replies.unread().matches("(?s)[45].*");
    }

    /** Whether something has arrived that is not part of a reply read so far. An end of the connection is not. */
    boolean hasUnread() {
        try {
            if (replies.hasUnread()) {
                return true;
            }
            // under TLS it is either a record of a reply or one of the TLS layer's own, such as a session ticket
            boolean recordsWait = outermost != socket && socket.getInputStream().available() > 0;
            return recordsWait && arrivesWithin(SHORTEST_WAIT);
        } catch (IOException e) {
            return false; // what ended the connection shows at the next command
        }
    }

    /** Whether something arrives that is not part of a reply read so far, before so long. */
    boolean hears(SmtpStep step, Duration soon) throws SmtpException {
        try {
            return replies.hasUnread() || arrivesWithin(soon);
        } catch (IOException e) {
            throw broken(step, limits.reply(), e);
        }
    }

    private boolean arrivesWithin(Duration limit) throws IOException {
        watch.arm(limits.reply()); // for a record that drips in
        try {
            socket.setSoTimeout((int) limit.toMillis());
            replies.awaitUnread();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            watch.disarm();
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
                    throw broken(SmtpStep.CONTENT, limits.reply(), e);
                }
            }
        };
    }

    /** Sends the line that ends a message, unless the host has spoken before: then nothing it says is about the message. */
    void endMessage() throws SmtpException {
        refuseStray(SmtpStep.CONTENT);
        messageCompletes();
        awaitedReplies++;
        writeLine(SmtpStep.CONTENT, ".");
        flush(SmtpStep.CONTENT);
    }

    /** From here to the next reply the host may take responsibility although we do not hear of it (RFC 1047 §2). */
    void messageCompletes() {
        messageComplete = true;
    }

    /** Whether the host may have taken a message that it has not answered. */
    boolean mayHaveBeenTaken() {
        return messageComplete;
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
        return outOfStep(step, expected, reply.toString(), messageComplete);
    }

    SmtpException outOfStep(SmtpStep step, String expected, String presented, boolean outcomeUnknown) {
        return broken(new SmtpFailure.ProtocolBroken(step, expected, presented, outcomeUnknown), null);
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
        sayQuit();
        awaitEnd();
    }

    /** Says QUIT, when the conversation is still open. */
    void sayQuit() {
        if (!open) {
            return;
        }
        try {
            writeLine(SmtpStep.QUIT, "QUIT"); // whatever has arrived: nothing depends on the reply
            flush(SmtpStep.QUIT);
        } catch (SmtpException e) {
            // RFC 5321 §4.1.1.10: the mail is settled before QUIT, so how the leave-taking ends does not matter
            abort();
        }
    }

    /** Waits a short time for the reply to QUIT, then closes. */
    void awaitEnd() {
        if (!open) {
            return;
        }
        Duration limit = limits.reply().compareTo(LEAVE_TAKING) < 0 ? limits.reply() : LEAVE_TAKING;
        try {
            readOne(SmtpStep.QUIT, limit, limit);
            watch.arm(limit);
            outermost.close();
        } catch (IOException e) {
            open = false; // as with what keeps QUIT from being said
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
