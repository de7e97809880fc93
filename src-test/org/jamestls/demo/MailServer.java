package org.jamestls.demo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.Transcript;

/** A mail host of the demonstration and what it has seen. */
final class MailServer implements AutoCloseable {

    private final String host;
    private final ReceivingServer server;

    private MailServer(String host, ReceivingServer server) {
        this.host = host;
        this.server = server;
    }

    /**
     * @param host the server's name, or its address where it has none
     * @param certificate empty for a server that offers no STARTTLS
     */
    static MailServer start(String host, String address, int port, Optional<HeldCertificate> certificate) {
        ReceivingServer.Builder builder =
                ReceivingServer.builder().address(address).port(port);
        certificate.ifPresent(builder::certificate);
        return new MailServer(host, builder.start());
    }

    String host() {
        return host;
    }

    String address() {
        return server.address().getHostAddress();
    }

    int connections() {
        return server.transcripts().size();
    }

    /** How often MAIL FROM was seen, in the clear or over TLS. */
    int envelopes() {
        return server.transcripts().stream()
                .mapToInt(transcript -> envelopes(transcript.commands()))
                .sum();
    }

    int envelopesInTheClear() {
        return server.transcripts().stream()
                .mapToInt(transcript -> envelopes(transcript.commandsInTheClear()))
                .sum();
    }

    private static int envelopes(List<String> commands) {
        return (int) commands.stream()
                .filter(command -> command.regionMatches(true, 0, "MAIL ", 0, 5))
                .count();
    }

    /** How many messages were accepted for a recipient. */
    int arrivals(String recipient) {
        return (int) server.messages().stream()
                .filter(message -> message.recipients().contains(recipient))
                .count();
    }

    /** The TLS versions of all connections, one name each. */
    String protocols() {
        return server.transcripts().stream()
                .map(transcript ->
                        transcript.tls().map(Transcript.Tls::protocol).orElse("in the clear"))
                .distinct()
                .collect(Collectors.joining(" and "));
    }

    /** Every command of every connection, and whether it came over TLS. */
    String transcript() {
        StringBuilder text = new StringBuilder(host + " [" + address() + "]:" + server.port() + "\n");
        for (Transcript transcript : server.transcripts()) {
            text.append("\nconnection\n").append(transcript).append('\n');
            transcript
                    .tls()
                    .ifPresent(tls -> text.append(
                            tls.protocol() + ", SNI " + tls.serverName().orElse("none") + "\n"));
            transcript
                    .brokenBy()
                    .ifPresent(
                            reason -> text.append("broken off: ").append(reason).append('\n'));
        }
        return text.toString();
    }

    @Override
    public void close() {
        server.close();
    }
}
