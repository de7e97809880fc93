package org.jamestls.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One mail: MAIL, RCPT for each recipient, the message (RFC 5321 §3.3). The message goes by DATA, or, where the host
 * offers CHUNKING and the message is short, as one chunk by BDAT (RFC 3030). Where the host offers PIPELINING (RFC 2920)
 * the commands go in groups, a chunk along with them; what becomes of a recipient is the same as when they go one by one.
 */
final class MailTransaction {

    /** Commands that may wait for their replies, few enough that neither side's buffers fill (RFC 2920 §3.1). */
    private static final int GROUP = 50;

    private static final int START_MAIL_INPUT = 354; // RFC 5321 §4.2.3

    /** RFC 5321 §4.2.2: what a host answers to a command that it does not know or does not expect. */
    private static final Set<Integer> COMMAND_NOT_UNDERSTOOD = Set.of(500, 501, 502, 503, 504);

    private static final byte[] END_OF_MESSAGE = ".\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Conversation conversation;
    private final Capabilities offered;
    private final Envelope envelope;
    private final MessageContent content;
    private final SendTo sendTo;
    private final boolean hostIsAlive;

    private final Map<EnvelopeAddress, SmtpFailure> refused = new LinkedHashMap<>();
    private final List<EnvelopeAddress> accepted = new ArrayList<>();
    private Optional<SmtpFailure> mailFailure = Optional.empty();
    private Optional<SmtpReply> dataReply = Optional.empty();
    private Optional<SmtpReply> chunkReply = Optional.empty();
    private boolean unfinished;

    private record Command(SmtpStep step, String line, Optional<Chunk> chunk, Consumer<SmtpReply> answered) {
        Command(SmtpStep step, String line, Consumer<SmtpReply> answered) {
            this(step, line, Optional.empty(), answered);
        }
    }

    /**
     * @param hostIsAlive whether the host has answered just now; the message is not entrusted to a connection that may
     *     have ended meanwhile before the host has answered MAIL
     */
    MailTransaction(
            Conversation conversation,
            Capabilities offered,
            Envelope envelope,
            MessageContent content,
            SendTo sendTo,
            boolean hostIsAlive) {
        this.conversation = conversation;
        this.offered = offered;
        this.envelope = envelope;
        this.content = content;
        this.sendTo = sendTo;
        this.hostIsAlive = hostIsAlive;
    }

    TransactionOutcome run() {
        try {
            return send();
        } catch (SmtpException e) {
            return failed(mailFailure.orElse(e.failure()));
        }
    }

    /** Whether the host waits for the rest, so that the next transaction has to begin with RSET. */
    boolean isUnfinished() {
        return unfinished;
    }

    /** Whether the host offered CHUNKING and then did not know BDAT, although it had accepted recipients. */
    boolean chunkingFailed() {
        return !accepted.isEmpty()
                && chunkReply
                        .map(SmtpReply::code)
                        .filter(COMMAND_NOT_UNDERSTOOD::contains)
                        .isPresent();
    }

    TransactionOutcome failed(SmtpFailure failure) {
        return new TransactionOutcome.Failed(
                failure,
                envelope.recipients().stream()
                        .map(Recipient::address)
                        .filter(address -> !refused.containsKey(address))
                        .toList(),
                refused);
    }

    private TransactionOutcome send() throws SmtpException {
        EnvelopeCommands commands = new EnvelopeCommands(envelope, content, offered);
        Optional<SmtpFailure> unsendable = commands.unsendable();
        if (unsendable.isPresent()) {
            return failed(unsendable.get());
        }
        refused.putAll(commands.unsendableRecipients());
        if (nobodyMayGetIt(commands.recipients().isEmpty())) {
            return new TransactionOutcome.RecipientsRefused(refused, addresses(commands.recipients()));
        }
        Optional<Chunk> chunk = Chunk.fits(content, offered) ? Optional.of(read(content)) : Optional.empty();
        exchange(envelopeExchange(commands, chunk));
        if (mailFailure.isPresent()) {
            giveUpMessage();
            return failed(mailFailure.get());
        }
        if (nobodyMayGetIt(accepted.isEmpty())) {
            giveUpMessage();
            return new TransactionOutcome.RecipientsRefused(refused, accepted);
        }
        return chunk.isPresent() ? sendChunk(chunk.get()) : sendByData();
    }

    private static Chunk read(MessageContent content) throws SmtpException {
        try {
            return Chunk.of(content);
        } catch (IOException | RuntimeException e) {
            throw new SmtpException(new SmtpFailure.ContentUnreadable(String.valueOf(e.getMessage())), e);
        }
    }

    private boolean nobodyMayGetIt(boolean nobodyIsLeft) {
        return nobodyIsLeft || sendTo == SendTo.ALL_OR_NONE && !refused.isEmpty();
    }

    private static List<EnvelopeAddress> addresses(List<Recipient> recipients) {
        return recipients.stream().map(Recipient::address).toList();
    }

    private List<Command> envelopeExchange(EnvelopeCommands commands, Optional<Chunk> chunk) {
        List<Command> exchange = new ArrayList<>();
        exchange.add(new Command(SmtpStep.MAIL, commands.mail(), this::mailAnswered));
        for (Recipient recipient : commands.recipients()) {
            exchange.add(new Command(
                    SmtpStep.RCPT, commands.rcpt(recipient), reply -> recipientAnswered(recipient.address(), reply)));
        }
        if (!offered.pipelining() || oneRefusalKeepsItFromOthers(commands.recipients())) {
            return exchange;
        }
        if (chunk.isEmpty()) {
            exchange.add(data());
        } else if (hostIsAlive) {
            exchange.add(bdat(chunk.get()));
        }
        return exchange;
    }

    /** After 354, or with the chunk on its way, there is no way back, so the replies to RCPT have to be known before. */
    private boolean oneRefusalKeepsItFromOthers(List<Recipient> recipients) {
        return sendTo == SendTo.ALL_OR_NONE && recipients.size() > 1;
    }

    private Command data() {
        return new Command(SmtpStep.DATA, "DATA", reply -> dataReply = Optional.of(reply));
    }

    private Command bdat(Chunk chunk) {
        // RFC 3030 §2: LAST, since there is no further chunk
        return new Command(
                SmtpStep.CONTENT,
                "BDAT " + chunk.size() + " LAST",
                Optional.of(chunk),
                reply -> chunkReply = Optional.of(reply));
    }

    private void exchange(List<Command> commands) throws SmtpException {
        int group = offered.pipelining() ? GROUP : 1;
        for (int from = 0; from < commands.size() && mailFailure.isEmpty(); from += group) {
            List<Command> sent = commands.subList(from, Math.min(from + group, commands.size()));
            for (Command command : sent) {
                write(command);
            }
            conversation.flush(sent.get(0).step());
            for (Command command : sent) {
                if (command.chunk().isPresent() && accepted.isEmpty()) {
                    conversation.messageAnswered(); // without a recipient the host cannot take it, whatever comes
                }
                SmtpReply reply = conversation.read(command.step());
                if (reply.endsConnection()) {
                    throw new SmtpException(new SmtpFailure.Refused(command.step(), reply));
                }
                command.answered().accept(reply);
            }
        }
    }

    private void write(Command command) throws SmtpException {
        conversation.write(command.step(), command.line());
        if (command.chunk().isPresent()) {
            conversation.messageCompletes();
            conversation.write(command.step(), command.chunk().get());
        }
    }

    private void mailAnswered(SmtpReply reply) {
        unfinished = reply.isPositive();
        if (!reply.isPositive()) {
            mailFailure = Optional.of(failure(SmtpStep.MAIL, reply, "250"));
        }
    }

    private void recipientAnswered(EnvelopeAddress address, SmtpReply reply) {
        if (reply.isPositive()) {
            accepted.add(address);
        } else if (mailFailure.isEmpty()) {
            // RFC 2920 §3.1: after a refused MAIL the replies in the same group say nothing about recipients
            refused.put(address, failure(SmtpStep.RCPT, reply, "250"));
        }
    }

    private SmtpFailure failure(SmtpStep step, SmtpReply reply, String expected) {
        return reply.isTemporary() || reply.isPermanent()
                ? new SmtpFailure.Refused(step, reply)
                : conversation.unexpected(step, expected, reply).failure();
    }

    /** Ends a message that the host is ready for, or even took, although nobody is to get it. */
    private void giveUpMessage() {
        conversation.messageAnswered();
        if (chunkReply.filter(SmtpReply::isPositive).isPresent()) {
            conversation.abort(); // what the host believes is not what it said before
        }
        if (dataReply
                .map(SmtpReply::code)
                .filter(code -> code == START_MAIL_INPUT)
                .isEmpty()) {
            return;
        }
        if (accepted.isEmpty()) {
            sendLoneDot();
        } else {
            conversation.abort(); // a dot would send an empty message to those accepted
        }
    }

    // RFC 2920 §3.1: the answer to a 354 that nobody needs
    private void sendLoneDot() {
        try {
            conversation.ask(SmtpStep.CONTENT, ".");
            unfinished = false;
        } catch (SmtpException e) {
            conversation.abort(); // the outcome is settled without this reply
        }
    }

    private TransactionOutcome sendChunk(Chunk chunk) throws SmtpException {
        if (chunkReply.isEmpty()) {
            exchange(List.of(bdat(chunk)));
        }
        return answered(chunkReply.get());
    }

    private TransactionOutcome sendByData() throws SmtpException {
        if (dataReply.isEmpty()) {
            exchange(List.of(data()));
        }
        if (dataReply.get().code() != START_MAIL_INPUT) {
            return failed(failure(SmtpStep.DATA, dataReply.get(), "354"));
        }
        boolean complete = false;
        try {
            writeContent();
            complete = true;
        } finally {
            if (!complete) {
                conversation.abort(); // before its final dot the host has not taken the message
            }
        }
        SmtpReply reply = conversation.read(SmtpStep.CONTENT);
        unfinished = false; // RFC 5321 §4.1.1.4: the reply clears the host's buffers, whatever it is
        return answered(reply);
    }

    private TransactionOutcome answered(SmtpReply reply) {
        if (reply.isPositive()) {
            unfinished = false;
        }
        TransactionOutcome outcome = reply.isPositive()
                ? new TransactionOutcome.Delivered(accepted, reply, refused)
                : failed(failure(SmtpStep.CONTENT, reply, "250"));
        conversation.messageAnswered();
        return outcome;
    }

    private void writeContent() throws SmtpException {
        OutputStream wire = conversation.content();
        CanonicalLineEnds lines = new CanonicalLineEnds(new DotStuffing(wire));
        try {
            content.writeTo(lines);
            lines.finish();
            conversation.messageCompletes();
            wire.write(END_OF_MESSAGE);
        } catch (IOException | RuntimeException e) {
            throw contentFailure(e);
        }
        conversation.flush(SmtpStep.CONTENT);
    }

    /** The connection's failure comes back through the message's own code, which may have wrapped or swallowed it. */
    private SmtpException contentFailure(Exception e) {
        return new SmtpException(
                conversation
                        .brokenBy()
                        .orElseGet(() -> new SmtpFailure.ContentUnreadable(String.valueOf(e.getMessage()))),
                e);
    }
}
