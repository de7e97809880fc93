package org.jamestls.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/** One connection to the sink. Every message is taken and forgotten; commands out of order are refused. */
final class SinkSession implements Runnable {

    private static final Duration SLOWNESS = Duration.ofSeconds(5);

    private final SinkTls tls;
    private final SinkCounts counts;
    private final Destination destination;
    private final ByteArrayOutputStream replies = new ByteArrayOutputStream();
    private Socket socket;
    private OutputStream output;
    private SinkInput input;
    private boolean inTheClear = true;
    private boolean inTransaction;
    private int recipients;
    private long chunks;

    SinkSession(Socket socket, SinkTls tls, SinkCounts counts) throws IOException {
        this.tls = tls;
        this.counts = counts;
        this.destination = Destination.at(socket.getLocalAddress());
        talkOver(socket);
    }

    private void talkOver(Socket newSocket) throws IOException {
        socket = newSocket;
        output = newSocket.getOutputStream();
        input = new SinkInput(newSocket.getInputStream(), this::sendReplies);
    }

    @Override
    public void run() {
        counts.connection();
        try {
            reply("220 sink.bench.example ESMTP");
            while (obey(input.command())) {
                // the next command
            }
            sendReplies();
        } catch (IOException e) {
            // the client has gone; what it had sent in full is counted
        } finally {
            close();
            counts.connectionEnded();
        }
    }

    /** Obeys a command, and says whether another may follow. */
    private boolean obey(String command) throws IOException {
        String[] words = command.split(" ");
        switch (words[0].toUpperCase(Locale.ROOT)) {
            case "EHLO" -> greet();
            case "HELO" -> reply("250 sink.bench.example");
            case "STARTTLS" -> startTls();
            case "MAIL" -> mail();
            case "RCPT" -> recipient();
            case "DATA" -> data();
            case "BDAT" -> chunk(words);
            case "RSET" -> {
                endTransaction();
                reply("250 2.0.0 Ok");
            }
            case "NOOP" -> reply("250 2.0.0 Ok");
            case "QUIT" -> {
                reply("221 2.0.0 Bye");
                return false;
            }
            default -> reply("500 5.5.2 Unknown command");
        }
        return true;
    }

    private void greet() {
        endTransaction();
        reply("250-sink.bench.example");
        reply("250-PIPELINING");
        reply("250-SIZE 104857600");
        if (inTheClear) {
            reply("250-STARTTLS");
        }
        reply("250-ENHANCEDSTATUSCODES");
        reply("250-8BITMIME");
        reply("250 CHUNKING");
    }

    private void startTls() throws IOException {
        if (!inTheClear || input.hasMore()) {
            throw new IOException("STARTTLS out of order");
        }
        reply("220 2.0.0 Ready");
        sendReplies();
        SSLSocket secured = tls.secure(socket);
        secured.startHandshake();
        inTheClear = false;
        talkOver(secured);
    }

    private void mail() {
        if (inTransaction) {
            reply("503 5.5.1 Another transaction is open");
            return;
        }
        inTransaction = true;
        reply("250 2.1.0 Ok");
    }

    private void recipient() {
        if (!inTransaction) {
            reply("503 5.5.1 MAIL comes first");
            return;
        }
        recipients++;
        reply("250 2.1.5 Ok");
    }

    private void data() throws IOException {
        if (recipients == 0) {
            reply("503 5.5.1 RCPT comes first");
            return;
        }
        reply("354 End with a dot");
        arrived(input.message());
    }

    private void chunk(String[] words) throws IOException {
        long bytes = Long.parseLong(words[1]);
        input.chunk(bytes);
        if (recipients == 0) {
            reply("503 5.5.1 RCPT comes first");
            return;
        }
        chunks += bytes;
        if (words.length > 2 && words[2].equalsIgnoreCase("LAST")) {
            arrived(chunks);
        } else {
            reply("250 2.0.0 Ok");
        }
    }

    private void arrived(long bytes) {
        counts.message(destination, inTheClear, recipients, bytes);
        endTransaction();
        reply("250 2.0.0 Ok");
    }

    private void endTransaction() {
        inTransaction = false;
        recipients = 0;
        chunks = 0;
    }

    private void reply(String line) {
        replies.writeBytes((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void sendReplies() throws IOException {
        if (replies.size() == 0) {
            return;
        }
        if (destination.equals(Destination.SLOW)) {
            beSlow();
        }
        output.write(replies.toByteArray());
        output.flush();
        replies.reset();
    }

    private static void beSlow() throws IOException {
        try {
            Thread.sleep(SLOWNESS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed one way or the other
        }
    }
}
