package org.jamestls.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.Host;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.ScriptedServer;
import org.jamestls.tls.BouncyCastleTlsClient;
import org.jamestls.tls.KeyExchange;

/** What the tests of sessions have in common: one authority, one mail host's name, short mails. */
final class Sessions {

    static final String HOST = "mx.bank.example";
    static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Test Root");
    static final Duration AMPLE = Duration.ofSeconds(20);

    private Sessions() {}

    static SmtpClient client() {
        return client(AMPLE);
    }

    static SmtpClient client(Duration timeout) {
        return client(KeyExchange.CLASSICAL, timeout);
    }

    static SmtpClient client(KeyExchange keyExchange, Duration timeout) {
        return client(
                keyExchange,
                new ClientSettings(
                        "client.example.org",
                        Optional.empty(),
                        new TimeLimits(AMPLE, timeout, timeout, timeout.multipliedBy(2)),
                        true));
    }

    static SmtpClient client(ClientSettings settings) {
        return client(KeyExchange.CLASSICAL, settings);
    }

    private static SmtpClient client(KeyExchange keyExchange, ClientSettings settings) {
        return new SmtpClient(
                new BouncyCastleTlsClient(
                        TrustedRoots.of(List.of(AUTHORITY.certificate())),
                        keyExchange,
                        Clock.systemUTC(),
                        BouncyCastleTlsClient.HANDSHAKE_LIMIT),
                settings);
    }

    /** A connection in the clear to a host of which it is known that it takes BDAT along with MAIL and RCPT. */
    static SmtpConnection openToProven(SmtpClient client, MailHostAddress host) throws SmtpException {
        SmtpConnection connection = client.open(host, TlsRequirement.CLEARTEXT);
        connection.share(proven());
        return connection;
    }

    static KnownHost proven() {
        KnownHost proven = new KnownHost();
        proven.knowsChunking();
        return proven;
    }

    static MailHostAddress at(ReceivingServer server) {
        return at(server.address(), server.port());
    }

    static MailHostAddress at(ScriptedServer server) {
        return at(server.address(), server.port());
    }

    private static MailHostAddress at(InetAddress address, int port) {
        return new MailHostAddress(Host.parse(HOST), new IpAddress(address), port);
    }

    static ReceivingServer.Builder tlsServer() {
        return ReceivingServer.builder().certificate(AUTHORITY.issueFor(HOST));
    }

    static Envelope envelope(String... recipients) {
        return Envelope.of(
                Optional.of(EnvelopeAddress.parse("alice@sender.example")),
                Arrays.stream(recipients).map(EnvelopeAddress::parse).toList());
    }

    static EnvelopeAddress address(String text) {
        return EnvelopeAddress.parse(text);
    }

    static List<EnvelopeAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(EnvelopeAddress::parse).toList();
    }

    static MessageContent message() {
        return message("Subject: test\r\n\r\nHello\r\n");
    }

    static MessageContent message(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return new MessageContent() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(octets);
            }

            @Override
            public OptionalLong size() {
                return OptionalLong.of(octets.length);
            }

            @Override
            public boolean eightBit() {
                return octets.length != text.length();
            }
        };
    }
}
