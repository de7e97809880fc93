package org.jamestls.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.Converter7Bit;
import org.jamestls.smtp.Capabilities;
import org.jamestls.smtp.MessageContent;

/** A mail's message as a stream, in a form that the mail host takes. */
final class MimeContent implements MessageContent {

    /** What never leaves with a message: the hidden recipients, and a length that transport may change. */
    private static final String[] LEFT_OUT = {"Bcc", "Content-Length"};

    private final MimeMessage message;
    private final Measure measure;

    private MimeContent(MimeMessage message) throws MessagingException, IOException {
        this.message = message;
        this.measure = new Measure();
        message.writeTo(measure, LEFT_OUT);
    }

    /**
     * The message of a mail. Where the mail host does not offer 8BITMIME, a message with octets above 127 is converted
     * to seven bits (RFC 6152 §3).
     */
    static MessageContent of(Mail mail, Capabilities capabilities, MailetContext context) {
        try {
            MimeContent content = new MimeContent(mail.getMessage());
            return content.eightBit() && !capabilities.eightBitMime() ? content.toSevenBits(context) : content;
        } catch (MessagingException | IOException | RuntimeException e) {
            return new Unreadable(e);
        }
    }

    private MimeContent toSevenBits(MailetContext context) throws MessagingException, IOException {
        MimeMessage converted = new MimeMessage(message);
        new Converter7Bit(context).convertTo7Bit(converted);
        return new MimeContent(converted);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try {
            message.writeTo(out, LEFT_OUT);
        } catch (MessagingException e) {
            throw new IOException(e);
        }
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(measure.octets);
    }

    @Override
    public boolean eightBit() {
        return measure.eightBit;
    }

    @Override
    public boolean utf8Header() {
        return measure.utf8Header();
    }

    /**
     * Counts octets, every line end as CRLF (RFC 1870 §5), looks for those above 127, and keeps those of the header: in
     * UTF-8 they make the message an internationalized one (RFC 6532 §3), in another charset they are only ill-formed.
     */
    private static final class Measure extends OutputStream {
        private final ByteArrayOutputStream headerAboveAscii = new ByteArrayOutputStream();
        private long octets;
        private boolean eightBit;
        private boolean inBody;
        private boolean lineHasText;
        private int previous;

        @Override
        public void write(int octet) {
            boolean bareLineFeed = octet == '\n' && previous != '\r';
            octets += bareLineFeed ? 2 : 1;
            eightBit |= (octet & 0x80) != 0;
            if (!inBody) {
                writeHeader(octet);
            }
            previous = octet;
        }

        private void writeHeader(int octet) {
            if (octet == '\n') {
                inBody = !lineHasText;
                lineHasText = false;
            } else if (octet != '\r') {
                lineHasText = true;
            }
            if ((octet & 0x80) != 0) {
                headerAboveAscii.write(octet);
            } else if ((previous & 0x80) != 0) {
                headerAboveAscii.write(' '); // where a character of UTF-8 has to be complete
            }
        }

        private boolean utf8Header() {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(headerAboveAscii.toByteArray()))
                        .chars()
                        .anyMatch(c -> c > 0x7f);
            } catch (CharacterCodingException e) {
                return false;
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                write(bytes[i]);
            }
        }
    }

    /** A message that James cannot give us; the transaction fails where it would be sent. */
    private record Unreadable(Exception reason) implements MessageContent {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            throw new IOException(reason);
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.empty();
        }

        @Override
        public boolean eightBit() {
            return false;
        }
    }
}
