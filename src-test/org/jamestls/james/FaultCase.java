package org.jamestls.james;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jamestls.testing.ReceivingServer;

/**
 * What a mail host or the DNS does wrong, and what must come of a mail to two recipients.
 *
 * @param name what goes wrong
 * @param kind which extensions the mail host offers
 * @param place sets the stage for a domain
 * @param patience how long the sender waits for a reply
 * @param big whether the message is larger than all buffers on its way
 * @param expected what comes of the mail
 */
public record FaultCase(String name, Kind kind, Place place, Patience patience, boolean big, Expected expected) {

    /** The recipients' local parts. */
    public static final Set<String> RECIPIENTS = new TreeSet<>(Set.of("first", "second"));

    /** Which extensions for fewer round trips the mail host offers. */
    public enum Kind {
        PIPELINING_AND_CHUNKING("PIPELINING", "CHUNKING", "8BITMIME", "ENHANCEDSTATUSCODES"),
        NEITHER();

        private final String[] capabilities;

        Kind(String... capabilities) {
            this.capabilities = capabilities;
        }

        /** Makes a host offer them. */
        public ReceivingServer.Builder offeredBy(ReceivingServer.Builder host) {
            return host.offering(capabilities);
        }
    }

    /** Declares and starts what a domain consists of. */
    @FunctionalInterface
    public interface Place {
        void stage(Stage stage, String domain, UnaryOperator<ReceivingServer.Builder> kind) throws Exception;
    }

    /** How long the sender waits for a reply. */
    public enum Patience {
        AMPLE,
        /** So short that a host's silence is found out. */
        SHORT
    }

    /** Whether the log says that the host may have taken the mail although it did not say so. */
    public enum Doubt {
        SAID,
        UNSAID,
        /** As it depends on what had gone out already. */
        EITHER
    }

    /**
     * What comes of the mail.
     *
     * @param bounced the local parts for which it bounces, each with the status code; the others get it
     * @param copies how many each of those gets
     * @param retried whether it was tried again
     * @param doubt what the log says
     */
    public record Expected(Map<String, String> bounced, int copies, boolean retried, Doubt doubt) {

        public Expected {
            bounced = new TreeMap<>(bounced);
        }

        static Expected deliveredAtOnce() {
            return new Expected(Map.of(), 1, false, Doubt.UNSAID);
        }

        static Expected retriedThenDelivered() {
            return new Expected(Map.of(), 1, true, Doubt.UNSAID);
        }

        static Expected bouncedAtOnce(String code, String... localParts) {
            Map<String, String> bounced = new TreeMap<>();
            for (String localPart : localParts) {
                bounced.put(localPart, code);
            }
            return new Expected(bounced, 1, false, Doubt.UNSAID);
        }

        static Expected retriedThenBounced(String code) {
            return new Expected(bouncedAtOnce(code, "first", "second").bounced, 1, true, Doubt.UNSAID);
        }

        Expected with(Doubt other) {
            return new Expected(bounced, copies, retried, other);
        }

        Expected inCopies(int number) {
            return new Expected(bounced, number, retried, doubt);
        }

        /** The local parts that get the mail. */
        public Set<String> delivered() {
            Set<String> delivered = new TreeSet<>(RECIPIENTS);
            delivered.removeAll(bounced.keySet());
            return delivered;
        }
    }

    @Override
    public String toString() {
        return name + " [" + kind + "]";
    }
}
