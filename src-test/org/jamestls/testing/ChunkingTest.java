package org.jamestls.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jamestls.smtp.SmtpStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test servers take BDAT as RFC 3030 has it: octets by number, nothing of them a command or an end. */
@Timeout(30)
class ChunkingTest {

    private static final String ENVELOPE =
            "EHLO client\r\nMAIL FROM:<a@sender.example>\r\nRCPT TO:<b@bank.example>\r\n";

    private static List<String> codes(int port, String dialogue) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(dialogue.getBytes(StandardCharsets.ISO_8859_1));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .lines()
                    .map(line -> line.substring(0, 3))
                    .toList();
        }
    }

    @Test
    void chunksShouldMakeOneMessageWhateverTheyHold() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder().start()) {
            List<String> codes = codes(
                    server.port(), ENVELOPE + "BDAT 10\r\n.\r\nQUIT\r\n.BDAT 4\r\n\r\n.\nBDAT 0 LAST\r\nQUIT\r\n");

            assertThat(codes).containsExactly("220", "250", "250", "250", "250", "250", "250", "221");
            assertThat(server.messages()).extracting(ReceivedMessage::text).containsExactly(".\r\nQUIT\r\n.\r\n.\n");
        }
    }

    @Test
    void chunkShouldBeReadAndRefusedWhenNobodyIsToGetIt() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder()
                .replyToRecipient("b@bank.example", "550 5.1.1 nobody")
                .start()) {
            assertThat(codes(server.port(), ENVELOPE + "BDAT 6 LAST\r\nQUIT\r\nQUIT\r\n"))
                    .containsExactly("220", "250", "250", "550", "503", "221");
            assertThat(server.messages()).isEmpty();
        }
    }

    @Test
    void refusedChunkShouldEndTheTransaction() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder()
                .reply(SmtpStep.DATA, "452 4.3.1 full", "354 go ahead")
                .start()) {
            assertThat(codes(server.port(), ENVELOPE + "BDAT 2\r\nxxBDAT 2 LAST\r\nxxQUIT\r\n"))
                    .containsExactly("220", "250", "250", "250", "452", "503", "221");
            assertThat(server.messages()).isEmpty();
        }
    }

    @Test
    void faultsInsideAChunkShouldComeBeforeItsEnd() throws Exception {
        try (ReceivingServer server = ReceivingServer.builder()
                .fault(Moment.INSIDE_CONTENT, Fault.CLOSE)
                .start()) {
            assertThat(codes(server.port(), ENVELOPE + "BDAT 5000 LAST\r\n" + "x".repeat(100)))
                    .containsExactly("220", "250", "250", "250");
            assertThat(server.messages()).isEmpty();
        }
    }

    @Test
    void scriptShouldReadChunks() throws Exception {
        StringBuilder chunks = new StringBuilder();
        ScriptedServer.Script script = peer -> {
            peer.send("220 hello\r\n").readUntil("RCPT");
            chunks.append(new String(peer.readChunk(), StandardCharsets.ISO_8859_1));
            chunks.append(new String(peer.readChunk(), StandardCharsets.ISO_8859_1));
            peer.send("250 taken\r\n");
        };
        try (ScriptedServer server = ScriptedServer.playing(script)) {
            assertThat(codes(server.port(), ENVELOPE + "BDAT 3\r\n.\r\nBDAT 2 LAST\r\n\0x"))
                    .containsExactly("220", "250");
            assertThat(chunks).hasToString(".\r\n\0x");
            assertThat(server.received()).contains("BDAT 3", "BDAT 2 LAST");
        }
    }
}
