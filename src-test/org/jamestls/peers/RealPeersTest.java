package org.jamestls.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.james.core.MailAddress;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.awaitility.core.ConditionTimeoutException;
import org.jamestls.delivery.DeliveryAttributes;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.HeldCertificate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mails through strong validation to mail servers that other people wrote: each arrives once, and as it was. */
@Tag("peers")
class RealPeersTest {

    private static final String HOST = "mx.peer.example";
    private static final int MAILS_IN_A_ROW = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Row(String name, String body, Set<String> recipients) {}

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>(List.of(
                row("one recipient", "Hello\r\n", "alice"),
                row("three recipients", "Hello\r\n", "alice", "bob", "carol"),
                row("one of two recipients refused", "Hello\r\n", "alice", "nobody"),
                row("all recipients refused", "Hello\r\n", "nobody", "nobody-else"),
                row("eight bits", "Gr\u00fc\u00dfe, \u00e9\u00e8\u00ea\r\n", "bob"),
                row("lines of dots", ".\r\n..\r\n...\r\n.a\r\n", "alice", "carol"),
                row("bare line feeds", "one\n.\nMAIL FROM:<>\nRCPT TO:<carol@peer.example>\nDATA\nx\n.\n", "bob"),
                row("bare carriage returns", "one\r.\rtwo\r", "bob"),
                row("no final line end", "one\r\ntwo", "alice"),
                row("lines of 998 octets", ("x".repeat(998) + "\r\n").repeat(20), "alice"),
                row("5 MB", ("x".repeat(70) + "\r\n").repeat(72_818), "carol")));
        for (int i = 1; i <= MAILS_IN_A_ROW; i++) {
            rows.add(row("number " + i + " in a row", "Hello\r\n".repeat(i), "alice", "bob"));
        }
        return rows;
    }

    private static Row row(String name, String body, String... recipients) {
        return new Row(name, body, new TreeSet<>(Set.of(recipients)));
    }

    @ParameterizedTest
    @EnumSource(Peer.Kind.class)
    void eachMailShouldArriveOnceAndAsItWas(Peer.Kind kind, @TempDir Path directory) throws Exception {
        Optional<String> obstacle = kind.obstacle();
        obstacle.ifPresent(reason -> System.out.println("SKIPPED: mails to " + kind + ": " + reason));
        assumeTrue(obstacle.isEmpty(), () -> kind + ": " + obstacle.orElseThrow());

        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Path ofPeer = Files.createDirectory(directory.resolve("peer"));
        try (Stage stage = new Stage(directory.resolve("james"))) {
            stage.policy("<domain name='peer.example'/>");
            stage.dns.mx("peer.example", HOST);
            try (Peer peer = Peer.start(kind, ofPeer, stage.deserted(HOST), stage.port(), certificate(stage));
                    MailetContainer james = stage.james(Map.of(
                            "maxRetries", "3",
                            "delayTime", "500",
                            "onSuccess", "delivered",
                            "bounceProcessor", "bounces"))) {
                sendAndCheck(kind, peer, james);
            }
        }
    }

    /** With an RSA key, since GnuTLS does not read the JDK's EC keys. */
    private static HeldCertificate certificate(Stage stage) {
        return stage.trusted.issue(new Request("CN=" + HOST).dnsName(HOST), CertificateAuthority.rsaKeys(2048));
    }

    private static void sendAndCheck(Peer.Kind kind, Peer peer, MailetContainer james) throws Exception {
        List<Row> rows = rows();
        for (Row row : rows) {
            List<MailAddress> recipients = new ArrayList<>();
            for (String localPart : row.recipients) {
                recipients.add(new MailAddress(localPart + "@peer.example"));
            }
            james.send(MailetContainer.message(message(row)), "sender@sender.example", recipients);
        }
        await().atMost(PATIENCE).until(james::isIdle);
        for (Row row : rows) {
            check(kind, peer, james.spooled(), row);
        }
        assertThat(messages(peer)).as("messages in all mailboxes").isEqualTo(expectedMessages(rows));
        System.out.println(kind + ": " + rows.size() + " mails arrived once and as they were, or were bounced");
    }

    private static String message(Row row) {
        return "Subject: " + row.name + "\r\nFrom: sender@sender.example\r\nTo: people@peer.example\r\n"
                + "Date: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <" + row.name.replace(' ', '.')
                + "@sender.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\n" + row.body;
    }

    private static void check(Peer.Kind kind, Peer peer, List<Mail> told, Row row) throws Exception {
        Set<String> takers = new TreeSet<>(Set.of("alice", "bob", "carol"));
        takers.retainAll(row.recipients);
        for (String localPart : takers) {
            awaitMessage(peer, localPart, row);
            assertThat(found(peer, localPart, row))
                    .as("%s: '%s' for %s; %s", kind, row.name, localPart, peer.log())
                    .singleElement()
                    .satisfies(stored -> assertThat(stored.endsWith(asStored(message(row))))
                            .as("%s: '%s' is stored as it was sent", kind, row.name)
                            .isTrue());
        }
        Set<String> delivered = new TreeSet<>();
        Set<String> bounced = new TreeSet<>();
        for (Mail mail : told) {
            if (mail.getMessage().getSubject().equals(row.name)) {
                Set<String> those = mail.getState().equals("delivered") ? delivered : bounced;
                mail.getRecipients().forEach(recipient -> those.add(recipient.getLocalPart()));
                assertThat(AttributeUtils.getValueAndCastFromMail(mail, DeliveryAttributes.PROTOCOL, String.class))
                        .as("%s: '%s' over TLS", kind, row.name)
                        .hasValue("TLSv1.3");
            }
        }
        assertThat(delivered).as("%s: '%s' delivered", kind, row.name).isEqualTo(takers);
        bounced.addAll(takers);
        assertThat(bounced).as("%s: '%s' delivered or bounced", kind, row.name).isEqualTo(row.recipients);
    }

    /** A server answers before it puts the message into the mailbox. */
    private static void awaitMessage(Peer peer, String localPart, Row row) throws IOException {
        try {
            await().atMost(PATIENCE).until(() -> !found(peer, localPart, row).isEmpty());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("'" + row.name + "' does not come to " + localPart + ":\n" + peer.log(), e);
        }
    }

    private static String asStored(String message) {
        String stored = message.replaceAll("\r\n|\r|\n", "\n");
        return stored.endsWith("\n") ? stored : stored + "\n";
    }

    private static List<String> found(Peer peer, String localPart, Row row) throws IOException {
        return peer.mailbox(localPart).stream()
                .filter(stored -> stored.contains("\nSubject: " + row.name + "\n"))
                .toList();
    }

    private static int messages(Peer peer) throws IOException {
        int messages = 0;
        for (String localPart : List.of("alice", "bob", "carol")) {
            messages += peer.mailbox(localPart).size();
        }
        return messages;
    }

    private static int expectedMessages(List<Row> rows) {
        return rows.stream()
                .mapToInt(row -> (int) row.recipients.stream()
                        .filter(localPart -> !localPart.startsWith("nobody"))
                        .count())
                .sum();
    }
}
