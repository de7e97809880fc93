package org.jamestls.demo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;

/**
 * A sender's mailbox in James, read over POP3.
 *
 * @param address the sender's address
 * @param password the sender's password
 * @param port where James hands out mail
 */
record Mailbox(String address, String password, int port) {

    List<MimeMessage> messages() throws IOException, MessagingException {
        List<MimeMessage> messages = new ArrayList<>();
        try (LineConnection pop3 = new LineConnection(port)) {
            accepted(pop3);
            order(pop3, "USER " + address);
            order(pop3, "PASS " + password);
            // RFC 1939 §5: "+OK count octets"
            int count = Integer.parseInt(order(pop3, "STAT").split(" ")[1]);
            for (int number = 1; number <= count; number++) {
                order(pop3, "RETR " + number);
                messages.add(parse(body(pop3)));
            }
            order(pop3, "QUIT");
        }
        return messages;
    }

    private static String body(LineConnection pop3) throws IOException {
        StringBuilder body = new StringBuilder();
        for (String line = pop3.readLine(); !line.equals("."); line = pop3.readLine()) {
            // RFC 1939 §3: a dot at the start of a line is doubled
            body.append(line.startsWith("..") ? line.substring(1) : line).append("\r\n");
        }
        return body.toString();
    }

    private static MimeMessage parse(String text) throws MessagingException {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String order(LineConnection pop3, String command) throws IOException {
        pop3.send(command);
        return accepted(pop3);
    }

    private static String accepted(LineConnection pop3) throws IOException {
        String line = pop3.readLine();
        if (!line.startsWith("+OK")) {
            throw new IOException("James answered '" + line + "' where +OK was expected");
        }
        return line;
    }
}
