package org.jamestls.demo;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection of commands and replies, one line each, as SMTP and POP3 have them. */
final class LineConnection implements Closeable {

    private static final int TIMEOUT_MILLISECONDS = 20_000;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    LineConnection(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(TIMEOUT_MILLISECONDS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        out = socket.getOutputStream();
    }

    String readLine() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new EOFException("James closed the connection");
        }
        return line;
    }

    void send(String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
