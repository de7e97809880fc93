package org.jamestls.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One mail: MAIL, RCPT for each recipient, DATA, the message (RFC 5321 §3.3). Where the host offers PIPELINING (RFC
 * 2920) the commands go in groups; what becomes of a recipient is the same as when they go one by one.
 */
final class MailTransaction {

    /** Commands that may wait for their replies, few enough that neither side's buffers fill (RFC 2920 §3.1). */
    private static final int GROUP = 50;

    private static final int START_MAIL_INPUT = 354; // RFC 5321 §4.2.3
    private static final byte[] END_OF_MESSAGE = ".\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Conversation conversation;
    private final Capabilities offered;
    private final Envelope envelope;
    private final MessageContent content;
    private final SendTo sendTo;

    private final Map<EnvelopeAddress, SmtpFailure> refused = new LinkedHashMap<>();
    private final List<EnvelopeAddress> accepted = new ArrayList<>();
    private Optional<SmtpFailure> mailFailure = Optional.empty();
    private Optional<SmtpReply> dataReply = Optional.empty();
    private boolean unfinished;

    private record Command(SmtpStep step, String line, Consumer<SmtpReply> answered) {}

    MailTransaction(
            Conversation conversation, Capabilities offered, Envelope envelope, MessageContent content, SendTo sendTo) {
        this.conversation = conversation;
        this.offered = offered;
        this.envelope = envelope;
        this.content = content;
        this.sendTo = sendTo;
    }

    TransactionOutcome run() {
        try {
            return send();
        } catch (SmtpException e) {
            return failed(e.failure());
        }
    }

    /** Whether the host waits for the rest, so that the next transaction has to begin with RSET. */
    boolean isUnfinished() {
        return unfinished;
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
        exchange(envelopeExchange(commands));
        if (mailFailure.isPresent()) {
            giveUpData();
            return failed(mailFailure.get());
        }
        if (nobodyMayGetIt(accepted.isEmpty())) {
            giveUpData();
            return new TransactionOutcome.RecipientsRefused(refused, accepted);
        }
        if (dataReply.isEmpty()) {
            exchange(List.of(data()));
        }
        return dataReply.get().code() == START_MAIL_INPUT
                ? sendContent()
                : failed(failure(SmtpStep.DATA, dataReply.get(), "354"));
    }

    private boolean nobodyMayGetIt(boolean nobodyIsLeft) {
        return nobodyIsLeft || sendTo == SendTo.ALL_OR_NONE && !refused.isEmpty();
    }

    private static List<EnvelopeAddress> addresses(List<Recipient> recipients) {
        return recipients.stream().map(Recipient::address).toList();
    }

    private List<Command> envelopeExchange(EnvelopeCommands commands) {
        List<Command> exchange = new ArrayList<>();
        exchange.add(new Command(SmtpStep.MAIL, commands.mail(), this::mailAnswered));
        for (Recipient recipient : commands.recipients()) {
            exchange.add(new Command(
                    SmtpStep.RCPT, commands.rcpt(recipient), reply -> recipientAnswered(recipient.address(), reply)));
        }
        // After 354 there is no way back but an empty message, so DATA waits where one refusal keeps the mail from all
        if (offered.pipelining() && sendTo == SendTo.ACCEPTED_RECIPIENTS) {
            exchange.add(data());
        }
        return exchange;
    }

    private Command data() {
        return new Command(SmtpStep.DATA, "DATA", reply -> dataReply = Optional.of(reply));
    }

    private void exchange(List<Command> commands) throws SmtpException {
        int group = offered.pipelining() ? GROUP : 1;
        for (int from = 0; from < commands.size() && mailFailure.isEmpty(); from += group) {
            List<Command> sent = commands.subList(from, Math.min(from + group, commands.size()));
            for (Command command : sent) {
                conversation.write(command.step(), command.line());
            }
            conversation.flush(sent.get(0).step());
            for (Command command : sent) {
                SmtpReply reply = conversation.read(command.step());
                if (reply.endsConnection()) {
                    throw new SmtpException(new SmtpFailure.Refused(command.step(), reply));
                }
                command.answered().accept(reply);
            }
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

    /** Ends a DATA that the host allowed although nobody is to get the message. */
    private void giveUpData() throws SmtpException {
        if (dataReply
                .map(SmtpReply::code)
                .filter(code -> code == START_MAIL_INPUT)
                .isEmpty()) {
            return;
        }
        if (accepted.isEmpty()) {
            // RFC 2920 §3.1: the client then sends a single dot
            conversation.ask(SmtpStep.CONTENT, ".");
            unfinished = false;
        } else {
            conversation.abort();
        }
    }

    private TransactionOutcome sendContent() throws SmtpException {
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
