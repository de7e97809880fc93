package org.jamestls.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamestls.smtp.CommandGroups.Command;

/**
 * One mail: MAIL, RCPT for each recipient, the message (RFC 5321 §3.3). The message goes by DATA, or, where the host
 * offers CHUNKING and the message is short, as one chunk by BDAT (RFC 3030). Where the host offers PIPELINING (RFC 2920)
 * the commands go in groups, a chunk along with them; what becomes of a recipient is the same as when they go one by one.
 */
final class MailTransaction {

    private static final int START_MAIL_INPUT = 354; // RFC 5321 §4.2.3

    /** RFC 5321 §4.2.2: what a host answers to a command that it does not know or does not expect. */
    private static final Set<Integer> COMMAND_NOT_UNDERSTOOD = Set.of(500, 501, 502, 503, 504);

    /** What a host that takes BDAT for an unknown command has at least to say so before the chunk follows. */
    private static final Duration LEAST_HESITATION = Duration.ofMillis(20);

    private static final Duration MOST_HESITATION = Duration.ofSeconds(1);

    /** What became of a BDAT. */
    enum ChunkFate {
        NOT_SENT,
        /** The replies to MAIL and RCPT do not show which commands they belong to, so BDAT was not sent. */
        WITHOUT_PROOF,
        /** It was sent and not answered. */
        UNANSWERED,
        REFUSED,
        TAKEN,
        /** The host offered CHUNKING and did not know BDAT, although it had accepted recipients. */
        NOT_KNOWN,
        /** The replies do not belong to the commands that they seemed to belong to. */
        OUT_OF_STEP
    }

    private final Conversation conversation;
    private final Capabilities offered;
    private final Envelope envelope;
    private final MessageContent content;
    private final SendTo sendTo;
    private final KnownHost.Chunking chunking;
    private final boolean hostIsAlive;
    private final CommandGroups groups;

    private final Map<EnvelopeAddress, SmtpFailure> refused = new LinkedHashMap<>();
    private final List<EnvelopeAddress> accepted = new ArrayList<>();
    private Optional<SmtpFailure> mailFailure = Optional.empty();
    private Optional<SmtpReply> dataReply = Optional.empty();
    private Optional<SmtpReply> chunkReply = Optional.empty();
    private ChunkFate chunkFate = ChunkFate.NOT_SENT;
    private boolean aboutAddresses = true;
    private boolean chunkAlong;
    private boolean unfinished;
    private Duration envelopeTime = Duration.ZERO;

    /**
     * @param chunking how the message may go by BDAT, where the host offers that and the message is short
     * @param hostIsAlive whether the host has answered just now; the message is not entrusted to a connection that may
     *     have ended meanwhile before the host has answered MAIL
     */
    MailTransaction(
            Conversation conversation,
            Capabilities offered,
            Envelope envelope,
            MessageContent content,
            SendTo sendTo,
            KnownHost host,
            KnownHost.Chunking chunking,
            boolean hostIsAlive) {
        this.conversation = conversation;
        this.offered = offered;
        this.envelope = envelope;
        this.content = content;
        this.sendTo = sendTo;
        this.chunking = chunking;
        this.hostIsAlive = hostIsAlive;
        this.groups = new CommandGroups(conversation, offered.pipelining(), host);
    }

    TransactionOutcome run() {
        try {
            return send();
        } catch (SmtpException e) {
            boolean outOfStep = e.failure() instanceof SmtpFailure.ProtocolBroken;
            return failed(outOfStep ? e.failure() : mailFailure.orElse(e.failure()));
        }
    }

    /** Whether the host waits for the rest, so that the next transaction has to begin with RSET. */
    boolean isUnfinished() {
        return unfinished;
    }

    /** What became of the message by BDAT. */
    ChunkFate chunkFate() {
        return chunkFate;
    }

    TransactionOutcome failed(SmtpFailure failure) {
        if (failure instanceof SmtpFailure.ProtocolBroken) {
            refused.values().removeIf(SmtpFailure.Refused.class::isInstance); // what was refused then is not known
        }
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
        chunkAlong = chunking == KnownHost.Chunking.PROVEN
                && hostIsAlive
                && groups.pipelined()
                && !oneRefusalKeepsItFromOthers(commands.recipients());
        Optional<Chunk> along = chunkAlong ? Optional.of(read(content)) : Optional.empty();
        exchangeEnvelope(commands, along);
        if (mailFailure.isPresent()) {
            giveUpMessage();
            return failed(mailFailure.get());
        }
        if (nobodyMayGetIt(accepted.isEmpty())) {
            giveUpMessage();
            return new TransactionOutcome.RecipientsRefused(refused, accepted);
        }
        if (chunkReply.isPresent()) {
            return answered(chunkReply.get());
        }
        return mayGoByChunk() ? sendChunk(read(content)) : sendByData();
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

    private void exchangeEnvelope(EnvelopeCommands commands, Optional<Chunk> along) throws SmtpException {
        List<Recipient> recipients = commands.recipients();
        List<Command> exchange = new ArrayList<>();
        exchange.add(new Command(SmtpStep.MAIL, commands.mail(), this::mailAnswered));
        for (int i = 0; i < recipients.size(); i++) {
            EnvelopeAddress address = recipients.get(i).address();
            boolean last = i == recipients.size() - 1;
            exchange.add(new Command(
                    SmtpStep.RCPT, commands.rcpt(recipients.get(i)), reply -> recipientAnswered(address, last, reply)));
        }
        if (along.isPresent()) {
            exchange.add(bdat(along.get()));
        } else if (chunking == KnownHost.Chunking.NONE
                && groups.pipelined()
                && !oneRefusalKeepsItFromOthers(recipients)) {
            exchange.add(data());
        }
        long start = System.nanoTime();
        int sent = groups.exchange(exchange, () -> mailFailure.isEmpty());
        envelopeTime = Duration.ofNanos(System.nanoTime() - start);
        if (mailFailure.isEmpty()) {
            for (int i = sent - 1; i < recipients.size(); i++) {
                refused.put(recipients.get(i).address(), new SmtpFailure.OutOfTime(groups.limit()));
            }
        }
    }

    /** After 354, or with the chunk on its way, there is no way back, so the replies to RCPT have to be known before. */
    private boolean oneRefusalKeepsItFromOthers(List<Recipient> recipients) {
        return sendTo == SendTo.ALL_OR_NONE && recipients.size() > 1;
    }

    private Command data() {
        return new Command(SmtpStep.DATA, "DATA", reply -> dataReply = Optional.of(reply));
    }

    private Command bdat(Chunk chunk) {
        return new Command(SmtpStep.CONTENT, announcementOf(chunk), Optional.of(chunk), this::chunkAnswered);
    }

    private static String announcementOf(Chunk chunk) {
        return "BDAT " + chunk.size() + " LAST"; // RFC 3030 §2: LAST, since there is no further chunk
    }

    private void mailAnswered(SmtpReply reply) throws SmtpException {
        unfinished = reply.isPositive();
        if (reply.isPositive()) {
            seeWhatItIsAbout(SmtpStep.MAIL, reply);
        } else {
            mailFailure = Optional.of(failure(SmtpStep.MAIL, reply, "250"));
        }
    }

    private void recipientAnswered(EnvelopeAddress address, boolean last, SmtpReply reply) throws SmtpException {
        if (reply.isPositive()) {
            seeWhatItIsAbout(SmtpStep.RCPT, reply);
            accepted.add(address);
        } else if (mailFailure.isEmpty()) {
            // RFC 2920 §3.1: after a refused MAIL the replies in the same group say nothing about recipients
            refused.put(address, failure(SmtpStep.RCPT, reply, "250"));
        }
        if (last && accepted.isEmpty()) {
            conversation.messageAnswered(); // without a recipient the host cannot take it, whatever comes
        }
    }

    /**
     * DATA asks for 354, which no other command does, so that it shows whether replies and commands are in step. BDAT
     * has no reply of its own: instead all those before it have to be about addresses, and its own must not be.
     */
    private void seeWhatItIsAbout(SmtpStep step, SmtpReply reply) throws SmtpException {
        aboutAddresses &= reply.isAboutAddress();
        if (chunkAlong && !reply.isAboutAddress()) {
            throw outOfStep(
                    step, "a reply about an address (2.1.z)", reply.toString(), conversation.mayHaveBeenTaken());
        }
    }

    private void chunkAnswered(SmtpReply reply) throws SmtpException {
        chunkReply = Optional.of(reply);
        boolean inVain = mailFailure.isPresent() || accepted.isEmpty();
        if (reply.isPositive() && inVain) {
            throw outOfStep(SmtpStep.CONTENT, "a refusal, as nobody is to get the message", reply.toString(), true);
        }
        if (reply.isPositive() && reply.isAboutAddress()) {
            throw outOfStep(SmtpStep.CONTENT, "a reply about the message", reply.toString(), true);
        }
        if (conversation.hasUnread() && !onlyCloses(reply)) {
            throw outOfStep(SmtpStep.CONTENT, "one reply to BDAT", reply + ", and more", true);
        }
        if (reply.isPositive()) {
            chunkFate = ChunkFate.TAKEN;
        } else if (!inVain) {
            chunkFate = COMMAND_NOT_UNDERSTOOD.contains(reply.code()) ? ChunkFate.NOT_KNOWN : ChunkFate.REFUSED;
        }
    }

    /** RFC 5321 §3.8: 421 may come at any time; behind a reply whose own code shows its place it takes nothing back. */
    private boolean onlyCloses(SmtpReply reply) {
        return conversation.announcesEnd()
                && (!reply.isPositive() || reply.enhancedCode().isPresent());
    }

    private SmtpException outOfStep(SmtpStep step, String expected, String presented, boolean outcomeUnknown) {
        chunkFate = ChunkFate.OUT_OF_STEP;
        return conversation.outOfStep(step, expected, presented, outcomeUnknown);
    }

    private SmtpFailure failure(SmtpStep step, SmtpReply reply, String expected) {
        return reply.isTemporary() || reply.isPermanent()
                ? new SmtpFailure.Refused(step, reply)
                : conversation.unexpected(step, expected, reply).failure();
    }

    /** Ends a message that the host is ready for although nobody is to get it. */
    private void giveUpMessage() {
        conversation.messageAnswered();
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

    private boolean mayGoByChunk() {
        if (chunking != KnownHost.Chunking.NONE && !aboutAddresses) {
            chunkFate = ChunkFate.WITHOUT_PROOF;
        }
        return chunking != KnownHost.Chunking.NONE && aboutAddresses;
    }

    private TransactionOutcome sendChunk(Chunk chunk) throws SmtpException {
        conversation.write(SmtpStep.CONTENT, announcementOf(chunk));
        chunkFate = ChunkFate.UNANSWERED;
        if (chunking == KnownHost.Chunking.ON_TRIAL) {
            conversation.flush(SmtpStep.CONTENT);
            if (conversation.hears(SmtpStep.CONTENT, hesitation())) {
                return refusedUnread(conversation.read(SmtpStep.CONTENT));
            }
        }
        conversation.messageCompletes();
        conversation.write(SmtpStep.CONTENT, chunk);
        conversation.flush(SmtpStep.CONTENT);
        SmtpReply reply = conversation.read(SmtpStep.CONTENT);
        if (reply.endsConnection()) {
            throw new SmtpException(new SmtpFailure.Refused(SmtpStep.CONTENT, reply));
        }
        chunkAnswered(reply);
        if (chunking == KnownHost.Chunking.ON_TRIAL && !reply.isPositive()) {
            conversation.abort(); // the host may take the chunk for commands
        }
        return answered(reply);
    }

    /** How long the chunk stays behind its command: as long as the host took for MAIL and RCPT. */
    private Duration hesitation() {
        return Collections.max(List.of(LEAST_HESITATION, Collections.min(List.of(envelopeTime, MOST_HESITATION))));
    }

    /** A host that knows BDAT says nothing before it has the chunk. */
    private TransactionOutcome refusedUnread(SmtpReply reply) {
        conversation.abort();
        if (!reply.endsConnection()) {
            chunkFate = ChunkFate.NOT_KNOWN;
        }
        return failed(failure(SmtpStep.CONTENT, reply, "no reply before the chunk"));
    }

    private TransactionOutcome sendByData() throws SmtpException {
        if (dataReply.isEmpty()) {
            groups.exchange(List.of(data()), () -> true);
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
        if (reply.isPositive() && conversation.takesItBack()) {
            throw conversation.unexpected(SmtpStep.CONTENT, "one reply to the message", reply);
        }
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
        CanonicalLineEnds lines = new CanonicalLineEnds(new DotStuffing(conversation.content()));
        try {
            content.writeTo(lines);
            lines.finish();
        } catch (IOException | RuntimeException e) {
            throw contentFailure(e);
        }
        conversation.endMessage();
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
