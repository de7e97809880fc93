package org.jamestls.bench;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A domain that mails go to, with one mail host on a loopback address of its own.
 *
 * @param number from 0, which gives all of the names
 */
record Destination(int number) {

    /** The domain of them all, to which the policy is written. */
    static final String PARENT_DOMAIN = "bench.example";

    /** How many destinations answer at once. */
    static final int PROMPT = 200;

    /** Behind the relay that delays. */
    static final Destination DISTANT = new Destination(PROMPT);

    /** Answers everything late. */
    static final Destination SLOW = new Destination(PROMPT + 1);

    /** Lets itself be connected to and never says a word. */
    static final Destination SILENT = new Destination(PROMPT + 2);

    private static final int PER_NETWORK = 250;

    static List<Destination> prompt(int count) {
        return IntStream.range(0, count).mapToObj(Destination::new).toList();
    }

    static List<Destination> all() {
        return prompt(SILENT.number + 1);
    }

    String domain() {
        return "d" + number + "." + PARENT_DOMAIN;
    }

    String mailHost() {
        return "mx" + number + "." + PARENT_DOMAIN;
    }

    String ipAddress() {
        return "127.0." + (1 + number / PER_NETWORK) + "." + (1 + number % PER_NETWORK);
    }

    InetAddress address() {
        try {
            return InetAddress.getByAddress(
                    mailHost(), InetAddress.getByName(ipAddress()).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static Destination at(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new Destination((bytes[2] - 1) * PER_NETWORK + (bytes[3] & 0xff) - 1);
    }
}
