package org.jamestls.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** One connection to a mail host. Commands out of order are refused. */
final class LoadSession {

    private static final Duration LATENESS = Duration.ofMillis(200);
    private static final Duration IDLENESS = Duration.ofMillis(20);

    private final LoadHost host;
    private final Socket connection;
    private final Optional<Disruption> ofConnection;
    private final ByteArrayOutputStream replies = new ByteArrayOutputStream();
    private Socket socket;
    private InputStream input;
    private OutputStream output;
    private boolean overTls;
    private Optional<Disruption> ofMail = Optional.empty();
    private boolean inTransaction;
    private List<Integer> tokens = new ArrayList<>();
    private ByteArrayOutputStream message = new ByteArrayOutputStream();

    LoadSession(LoadHost host, Socket connection, Optional<Disruption> ofConnection) throws IOException {
        this.host = host;
        this.connection = connection;
        this.ofConnection = ofConnection;
        talkOver(connection);
    }

    private void talkOver(Socket newSocket) throws IOException {
        socket = newSocket;
        input = new BufferedInputStream(newSocket.getInputStream());
        output = newSocket.getOutputStream();
    }

    /** @throws IOException when the client goes or is thrown out */
    void run() throws IOException {
        if (has(ofConnection, Disruption.RESET_AT_ONCE)) {
            throw reset();
        }
        if (has(ofConnection, Disruption.GREETING_421)) {
            reply("421 4.3.2 Not now");
        } else {
            reply("220 ESMTP");
            converse();
        }
        sendReplies();
        socket.close();
    }

    private static boolean has(Optional<Disruption> disruption, Disruption one) {
        return disruption.filter(one::equals).isPresent();
    }

    private IOException reset() throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
        return new IOException("reset");
    }

    private void converse() throws IOException {
        boolean goesOn = true;
        while (goesOn) {
            String[] words = line().split(" ");
            goesOn = switch (words[0].toUpperCase(Locale.ROOT)) {
                case "EHLO" -> greet();
                case "STARTTLS" -> startTls();
                case "MAIL" -> mail();
                case "RCPT" -> recipient(words[1]);
                case "DATA" -> data();
                case "BDAT" -> chunk(words);
                case "RSET" -> {
                    endTransaction();
                    yield reply("250 2.0.0 Ok");
                }
                case "QUIT" -> {
                    reply("221 2.0.0 Bye");
                    yield false;
                }
                default -> reply("500 5.5.2 Unknown command");
            };
        }
    }

    private boolean greet() {
        endTransaction();
        reply("250-host");
        if (host.pipelining()) {
            reply("250-PIPELINING");
        }
        if (host.chunking()) {
            reply("250-CHUNKING");
        }
        if (!overTls && !has(ofConnection, Disruption.NO_STARTTLS)) {
            reply("250-STARTTLS");
        }
        return reply("250 ENHANCEDSTATUSCODES");
    }

    private boolean startTls() throws IOException {
        if (has(ofConnection, Disruption.STARTTLS_454)) {
            return reply("454 4.7.0 No TLS now");
        }
        reply("220 2.0.0 Ready");
        sendReplies();
        SSLSocket secured = (SSLSocket) host.certificate(has(ofConnection, Disruption.WRONG_CERTIFICATE))
                .getSocketFactory()
                .createSocket(connection, "client", connection.getPort(), true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        overTls = true;
        talkOver(secured);
        return true;
    }

    private boolean mail() {
        if (inTransaction) {
            return reply("503 5.5.1 Another transaction is open");
        }
        ofMail = host.disruptionOfNextMail();
        if (has(ofMail, Disruption.MAIL_451)) {
            return reply("451 4.3.0 Not now");
        }
        if (has(ofMail, Disruption.MAIL_421)) {
            reply("421 4.3.2 Enough");
            return false;
        }
        inTransaction = true;
        return reply("250 2.1.0 Ok");
    }

    private boolean recipient(String path) {
        if (!inTransaction) {
            return reply("503 5.5.1 MAIL comes first");
        }
        int token = Integer.parseInt(path.substring(path.indexOf('<') + 1, path.indexOf('@')));
        if (host.refuses(token)) {
            return reply("550 5.1.1 No such user");
        }
        if (has(ofMail, Disruption.RCPT_450)) {
            return reply("450 4.2.1 Try again later");
        }
        tokens.add(token);
        return reply("250 2.1.5 Ok");
    }

    private boolean data() throws IOException {
        if (tokens.isEmpty()) {
            return reply("503 5.5.1 RCPT comes first");
        }
        reply("354 End with a dot");
        for (String line = line(); !line.equals("."); line = line()) {
            if (has(ofMail, Disruption.RESET_IN_MESSAGE)) {
                throw reset();
            }
            message.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        return arrived();
    }

    private boolean chunk(String[] words) throws IOException {
        int octets = Integer.parseInt(words[1]);
        if (has(ofMail, Disruption.RESET_IN_MESSAGE)) {
            input.readNBytes(octets / 2);
            throw reset();
        }
        message.writeBytes(input.readNBytes(octets));
        if (tokens.isEmpty()) {
            return reply("503 5.5.1 RCPT comes first");
        }
        boolean last = words.length > 2 && words[2].equalsIgnoreCase("LAST");
        return last ? arrived() : reply("250 2.0.0 Ok");
    }

    private boolean arrived() throws IOException {
        if (has(ofMail, Disruption.DOT_451)) {
            endTransaction();
            return reply("451 4.3.0 Not now");
        }
        host.take(overTls, tokens, message.toString(StandardCharsets.ISO_8859_1));
        endTransaction();
        if (has(ofMail, Disruption.LATE_REPLY)) {
            beLate();
        }
        reply("250 2.0.0 Ok");
        if (has(ofConnection, Disruption.CLOSE_WHEN_IDLE)) {
            connection.setSoTimeout((int) IDLENESS.toMillis());
        }
        return !has(ofMail, Disruption.CLOSE_AFTER_MAIL);
    }

    private static void beLate() throws IOException {
        try {
            Thread.sleep(LATENESS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void endTransaction() {
        inTransaction = false;
        tokens = new ArrayList<>();
        message = new ByteArrayOutputStream();
    }

    private boolean reply(String line) {
        replies.writeBytes((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return true;
    }

    private void sendReplies() throws IOException {
        output.write(replies.toByteArray());
        replies.reset();
    }

    /** What the client says next. Before that is waited for, it gets all replies at once. */
    private String line() throws IOException {
        if (replies.size() > 0 && input.available() == 0) {
            sendReplies();
        }
        StringBuilder line = new StringBuilder();
        int octet = input.read();
        while (octet != '\n') {
            if (octet < 0) {
                throw new EOFException("the client has gone");
            }
            line.append((char) octet);
            octet = input.read();
        }
        return line.toString().stripTrailing();
    }
}
