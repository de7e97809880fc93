package org.jamestls.demo;

import java.io.IOException;
import java.util.List;

/** Hands mail to James over SMTP. */
final class Submission {

    /** Where every message's body begins. */
    static final String BODY = "The body of a message for ";

    private final int port;

    Submission(int port) {
        this.port = port;
    }

    void submit(String sender, List<String> recipients, String subject) throws IOException {
        try (LineConnection smtp = new LineConnection(port)) {
            expect(smtp, "220");
            order(smtp, "EHLO client.example", "250");
            order(smtp, "MAIL FROM:<" + sender + ">", "250");
            for (String recipient : recipients) {
                order(smtp, "RCPT TO:<" + recipient + ">", "250");
            }
            order(smtp, "DATA", "354");
            String message = String.join(
                    "\r\n",
                    "From: <" + sender + ">",
                    "To: <" + String.join(">, <", recipients) + ">",
                    "Subject: " + subject,
                    "",
                    BODY + String.join(" and ", recipients) + ".",
                    ".");
            order(smtp, message, "250");
            order(smtp, "QUIT", "221");
        }
    }

    private static void order(LineConnection smtp, String command, String expected) throws IOException {
        smtp.send(command);
        expect(smtp, expected);
    }

    private static void expect(LineConnection smtp, String code) throws IOException {
        String line;
        do {
            line = smtp.readLine();
        } while (line.startsWith("-", 3));
        if (!line.startsWith(code)) {
            throw new IOException("James answered '" + line + "' where " + code + " was expected");
        }
    }
}
