package org.jamestls.smtp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The commands of a transaction, in groups under PIPELINING (RFC 2920), and the time that they have. */
final class CommandGroups {

    /** Commands that may wait for their replies, few enough that neither side's buffers fill (RFC 2920 §3.1). */
    private static final int GROUP = 50;

    /** How many times what the host has for one reply it has for a group of them, and for those of a transaction. */
    private static final int MOST_WAITS = 4;

    private static final Duration CLOCK_TICK = Duration.ofMillis(1);

    private final Conversation conversation;
    private final KnownHost host;
    private final int group;
    private final Duration limit;

    /** What becomes of a reply. */
    @FunctionalInterface
    interface Answered {
        void by(SmtpReply reply) throws SmtpException;
    }

    /**
     * A command, a chunk behind it where it is BDAT.
     *
     * @param step what it is
     * @param line the command without its line end
     * @param chunk what follows it before its reply
     * @param answered takes the reply, which does not end the connection
     */
    record Command(SmtpStep step, String line, Optional<Chunk> chunk, Answered answered) {
        Command(SmtpStep step, String line, Answered answered) {
            this(step, line, Optional.empty(), answered);
        }
    }

    CommandGroups(Conversation conversation, boolean pipelining, KnownHost host) {
        this.conversation = conversation;
        this.host = host;
        this.group = pipelining && !host.tooSlowForGroups() ? GROUP : 1;
        this.limit = conversation.timeout().multipliedBy(MOST_WAITS);
    }

    /** Whether commands go in groups. */
    boolean pipelined() {
        return group > 1;
    }

    /** How long the host has for the replies to a group, and how long groups are begun in. */
    Duration limit() {
        return limit;
    }

    /**
     * Sends commands and reads the replies, group by group, as long as there is reason and time to begin another.
     *
     * @param goOn whether there is reason to
     * @return how many of the commands were sent
     */
    int exchange(List<Command> commands, BooleanSupplier goOn) throws SmtpException {
        long start = System.nanoTime();
        int sent = 0;
        while (sent < commands.size()
                && (sent == 0 || goOn.getAsBoolean() && !left(start).isNegative())) {
            List<Command> next = commands.subList(sent, Math.min(sent + group, commands.size()));
            for (Command command : next) {
                write(command);
            }
            conversation.flush(next.get(0).step());
            readReplies(next);
            sent += next.size();
        }
        return sent;
    }

    private void write(Command command) throws SmtpException {
        conversation.write(command.step(), command.line());
        if (command.chunk().isPresent()) {
            conversation.messageCompletes();
            conversation.write(command.step(), command.chunk().get());
        }
    }

    private void readReplies(List<Command> sent) throws SmtpException {
        long start = System.nanoTime();
        for (Command command : sent) {
            SmtpReply reply = sent.size() == 1 || command.step() == SmtpStep.CONTENT
                    ? conversation.read(command.step())
                    : readWithin(command.step(), start);
            if (reply.endsConnection()) {
                throw new SmtpException(new SmtpFailure.Refused(command.step(), reply));
            }
            command.answered().by(reply);
        }
        // as many replies as commands (RFC 2920 §3.2): with one more, each may have been the answer to another command
        Command last = sent.get(sent.size() - 1);
        boolean seenTo = sent.size() == 1 || last.chunk().isPresent();
        if (!seenTo && conversation.hasUnread() && !conversation.announcesEnd()) {
            conversation.refuseStray(last.step());
        }
    }

    private SmtpReply readWithin(SmtpStep step, long start) throws SmtpException {
        Duration left = left(start);
        try {
            return conversation.read(step, left.isNegative() ? Duration.ZERO : left, limit);
        } catch (SmtpException e) {
            if (left(start).compareTo(CLOCK_TICK) <= 0) {
                host.tookTooLongForGroup();
            }
            throw e;
        }
    }

    private Duration left(long start) {
        return limit.minusNanos(System.nanoTime() - start);
    }
}
