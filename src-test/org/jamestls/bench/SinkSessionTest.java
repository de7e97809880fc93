package org.jamestls.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the sink counts decides every contest. */
class SinkSessionTest {

    private static final String ENVELOPE = "MAIL FROM:<a@x.example>\nRCPT TO:<b@y.example>\n";

    private final SinkCounts testee = new SinkCounts();

    @ParameterizedTest(name = "{4}")
    @CsvSource(delimiter = '|', textBlock = """
            1 | 1 | 4  | ENVELOPE DATA\\nab\\n.\\n                                   | a message
            1 | 1 | 0  | ENVELOPE DATA\\n.\\n                                        | an empty message: the dot follows DATA
            1 | 1 | 16 | ENVELOPE DATA\\nab\\n..\\n.c\\n\\n\\n.\\n                   | dots that do not end it
            2 | 2 | 8  | ENVELOPE DATA\\nab\\n.\\nENVELOPE DATA\\nab\\n.\\n           | two, pipelined
            1 | 2 | 4  | ENVELOPE RCPT TO:<c@y.example>\\nDATA\\nab\\n.\\n            | two recipients
            1 | 1 | 5  | ENVELOPE BDAT 3\\nabcBDAT 2 LAST\\nde                       | two chunks
            1 | 1 | 6  | ENVELOPE BDAT 6\\n.\\n.\\nBDAT 0 LAST\\n                    | a chunk that looks like the end
            2 | 2 | 2  | ENVELOPE BDAT 1 LAST\\naENVELOPE BDAT 1 LAST\\nb            | two in chunks
            0 | 0 | 0  | ENVELOPE DATA\\nab\\n                                       | broken off in the message
            0 | 0 | 0  | ENVELOPE BDAT 3\\nabc                                       | broken off before the last chunk
            0 | 0 | 0  | MAIL FROM:<a@x.example>\\nBDAT 3 LAST\\nabc                 | no recipient
            0 | 0 | 0  | ENVELOPE RSET\\nBDAT 3 LAST\\nabc                           | given up
            """)
    void sinkShouldCountWhatArrivedInFull(int messages, int recipients, int bytes, String script, String why)
            throws Exception {
        converse(script.replace("\\n", "\n").replace("ENVELOPE ", ENVELOPE).replace("\n", "\r\n"));

        assertThat(testee.report().byName())
                .containsAllEntriesOf(Map.of(
                        "messages", (long) messages,
                        "messagesInTheClear", (long) messages,
                        "recipients", (long) recipients,
                        "bytes", (long) bytes,
                        "connections", 1L));
    }

    private void converse(String script) throws Exception {
        InetAddress address = new Destination(0).address();
        try (ServerSocket listening = new ServerSocket(0, 1, address);
                Socket client = new Socket(address, listening.getLocalPort())) {
            SinkTls tls = new SinkTls(SSLContext.getDefault(), false);
            SinkSession session = new SinkSession(listening.accept(), tls, testee);
            client.getOutputStream().write(script.getBytes(US_ASCII));
            client.shutdownOutput();
            session.run();
        }
    }
}
