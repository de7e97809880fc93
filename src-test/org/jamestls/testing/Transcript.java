package org.jamestls.testing;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What one connection brought to a {@link ReceivingServer}, in order. Safe for use by several threads. */
public final class Transcript {

    /**
     * A line that the client sent as a command.
     *
     * @param overTls whether it came over TLS
     * @param command the line without its line end; the credentials of AUTH withheld
     */
    public record Line(boolean overTls, String command) {
        @Override
        public String toString() {
            return (overTls ? "TLS   " : "clear ") + command;
        }
    }

    /**
     * The TLS session as the server sees it.
     *
     * @param protocol such as {@code TLSv1.3}
     * @param serverName the SNI that the client sent
     * @param resumed whether an earlier session was continued
     */
    public record Tls(String protocol, Optional<String> serverName, boolean resumed) {}

    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private volatile Tls tls;
    private volatile IOException brokenBy;

    void add(boolean overTls, String command) {
        lines.add(new Line(overTls, command));
    }

    void ended(IOException reason) {
        brokenBy = reason;
    }

    void secured(Tls session) {
        tls = session;
    }

    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** All commands, whether in the clear or not. */
    public List<String> commands() {
        return lines.stream().map(Line::command).toList();
    }

    public List<String> commandsInTheClear() {
        return lines.stream().filter(line -> !line.overTls()).map(Line::command).toList();
    }

    public List<String> commandsOverTls() {
        return lines.stream().filter(Line::overTls).map(Line::command).toList();
    }

    /** What the handshake agreed on; empty as long as none has succeeded. */
    public Optional<Tls> tls() {
        return Optional.ofNullable(tls);
    }

    /** What broke the connection; empty while it lasts, and when it ended with QUIT or as the server was told. */
    public Optional<IOException> brokenBy() {
        return Optional.ofNullable(brokenBy);
    }

    @Override
    public String toString() {
        return String.join("\n", lines.stream().map(Line::toString).toList());
    }
}
