package org.jamestls.testing;

import java.io.IOException;

/** What a {@link ReceivingServer} does instead of its usual reply. */
public sealed interface Fault {

    /** It says nothing and waits until the client goes. */
    Fault SILENCE = new Conduct("silence", Wire::waitForTheEnd);

    /** It neither reads nor says anything as long as the server lasts. */
    Fault DEAFNESS = new Conduct("deafness", Wire::ignore);

    /** It closes the connection in good order. */
    Fault CLOSE = new Conduct("close", Wire::close);

    /** It resets the connection. */
    Fault RESET = new Conduct("reset", Wire::reset);

    /** It closes the connection in the middle of a reply. */
    Fault CLOSE_INSIDE_REPLY = new Conduct("close inside a reply", wire -> {
        wire.write("250-begun\r\n25");
        wire.close();
    });

    /** It says this, and goes on unless that is 421. */
    static Fault saying(String reply) {
        return new Reply(reply);
    }

    /** What a fault can do to a connection. */
    interface Wire {
        void write(String text) throws IOException;

        void waitForTheEnd() throws IOException;

        void ignore();

        void close() throws IOException;

        void reset() throws IOException;
    }

    /** A deed after which the connection is over. */
    @FunctionalInterface
    interface Deed {
        void commit(Wire wire) throws IOException;
    }

    /**
     * A reply that is not the usual one.
     *
     * @param text without the last line end
     */
    record Reply(String text) implements Fault {
        @Override
        public String toString() {
            return text.length() <= 20 ? text : text.substring(0, 17) + "...";
        }
    }

    /**
     * What ends the connection.
     *
     * @param name what it is called in the name of a test
     * @param deed how it is done
     */
    record Conduct(String name, Deed deed) implements Fault {
        @Override
        public String toString() {
            return name;
        }
    }
}
