package org.jamestls.delivery;

import java.io.IOException;
import java.io.OutputStream;
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

    /** The deepest nesting of multiparts that is converted, by code that is recursive. */
    static final int DEEPEST = 100;

    /** The most lines that may begin a part in a message that is converted; each part takes some kilobytes then. */
    static final int MOST_DELIMITERS = 20_000;

    private final MimeMessage message;
    private final MessageMeasure measure;

    private MimeContent(MimeMessage message) throws MessagingException, IOException {
        this.message = message;
        this.measure = new MessageMeasure();
        message.writeTo(measure, LEFT_OUT);
    }

    /**
     * The message of a mail. Where the mail host does not offer 8BITMIME, a message with octets above 127 is converted
     * to seven bits (RFC 6152 §3).
     *
     * @throws UnconvertibleException when the host needs that, and the message cannot be converted
     */
    static MessageContent of(Mail mail, Capabilities capabilities, MailetContext context)
            throws UnconvertibleException {
        try {
            MimeContent content = new MimeContent(mail.getMessage());
            return content.eightBit() && !capabilities.eightBitMime() ? content.toSevenBits(context) : content;
        } catch (MessagingException | IOException | RuntimeException | Error e) {
            return new Unreadable(e);
        }
    }

    private MimeContent toSevenBits(MailetContext context)
            throws MessagingException, IOException, UnconvertibleException {
        MimeMessage converted = new ConvertibleMessage(message);
        if (DelimiterLines.in(converted) > MOST_DELIMITERS) {
            throw new UnconvertibleException("the message has more than " + MOST_DELIMITERS
                    + " lines that may begin a part, and cannot be converted to seven bits for a mail host without"
                    + " 8BITMIME");
        }
        if (MimeNesting.isDeeperThan(DEEPEST, converted)) {
            throw new UnconvertibleException("the message is nested deeper than " + DEEPEST
                    + " parts, and cannot be converted to seven bits for a mail host without 8BITMIME");
        }
        new Converter7Bit(context).convertTo7Bit(converted);
        return new MimeContent(converted);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (measure.keptAll()) {
            measure.writeKept(out);
            return;
        }
        try {
            message.writeTo(out, LEFT_OUT);
        } catch (MessagingException e) {
            throw new IOException(e);
        }
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(measure.size());
    }

    @Override
    public boolean eightBit() {
        return measure.eightBit();
    }

    @Override
    public boolean utf8Header() {
        return measure.utf8Header();
    }

    /** A message that James cannot give us; the transaction fails where it would be sent. */
    private record Unreadable(Throwable reason) implements MessageContent {
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
