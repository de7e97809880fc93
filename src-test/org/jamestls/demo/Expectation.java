package org.jamestls.demo;

import java.util.List;
import org.jamestls.policy.Violation;

/** How a journey has to end. */
sealed interface Expectation {

    boolean settled(Journey journey, List<Bounce> bounces);

    Findings examine(Journey journey, List<Bounce> bounces, String logOfJames);

    /** The mail arrives once, and all of its envelope came over TLS. */
    record OverTls() implements Expectation {
        private static final String PROTOCOL = "TLSv1.3";

        @Override
        public boolean settled(Journey journey, List<Bounce> bounces) {
            return journey.server().arrivals(journey.recipient()) > 0;
        }

        @Override
        public Findings examine(Journey journey, List<Bounce> bounces, String logOfJames) {
            MailServer server = journey.server();
            String protocol = server.protocols();
            return arrived(journey, bounces, protocol)
                    .expect(protocol.equals(PROTOCOL), "the connection is '" + protocol + "', not " + PROTOCOL)
                    .expect(server.envelopesInTheClear() == 0, "MAIL FROM was seen in the clear");
        }
    }

    /** The mail arrives once, without TLS. */
    record InTheClear() implements Expectation {
        @Override
        public boolean settled(Journey journey, List<Bounce> bounces) {
            return journey.server().arrivals(journey.recipient()) > 0;
        }

        @Override
        public Findings examine(Journey journey, List<Bounce> bounces, String logOfJames) {
            MailServer server = journey.server();
            return arrived(journey, bounces, server.protocols())
                    .expect(server.envelopesInTheClear() == 1, "it did not arrive in the clear");
        }
    }

    /**
     * No envelope is ever sent; after the last retry the sender gets a bounce with the reason.
     *
     * @param violation the reason
     * @param expected what the bounce says that the policy asks for
     * @param presented what the bounce says that the mail host presented
     * @param attempts how often James has to try
     */
    record Bounced(Violation violation, String expected, String presented, int attempts) implements Expectation {
        @Override
        public boolean settled(Journey journey, List<Bounce> bounces) {
            return bounces.stream().anyMatch(bounce -> bounce.concerns(journey.recipient()));
        }

        @Override
        public Findings examine(Journey journey, List<Bounce> bounces, String logOfJames) {
            MailServer server = journey.server();
            Findings findings = new Findings(
                            server.connections() + " connections, "
                                    + (server.envelopes() == 0 ? "no" : server.envelopes()) + " MAIL FROM",
                            bounces.isEmpty()
                                    ? "nothing"
                                    : "bounce " + bounces.get(0).code() + ", " + violation.description())
                    .expect(server.envelopes() == 0, "MAIL FROM was seen")
                    .expect(
                            server.connections() == attempts,
                            server.connections() + " connections, where " + attempts + " were to be made")
                    .expect(bounces.size() == 1, bounces.size() + " bounces, where one was to come")
                    .expect(
                            logOfJames.lines().anyMatch(line -> warns(line, journey)),
                            "the log does not warn of the violation");
            for (Bounce bounce : bounces) {
                names(findings, bounce, "To: " + journey.recipient(), journey.recipient());
                names(findings, bounce, "the domain", "Mail to " + journey.domain() + " may leave");
                names(findings, bounce, "the policy", journey.policy().inBounce());
                names(findings, bounce, "the mail host", "  " + journey.hostInBounce());
                names(findings, bounce, "the violation", violation.description());
                names(findings, bounce, "what was expected", "expected:  " + expected);
                names(findings, bounce, "what was presented", "presented: " + presented);
                names(findings, bounce, "the number of tries", "tried " + attempts + " times");
                findings.expect(
                        bounce.code().equals(violation.permanentCode()),
                        "the bounce's code is " + bounce.code() + ", not " + violation.permanentCode());
                findings.expect(
                        !bounce.source().contains(Submission.BODY), "the bounce carries the body of the message");
            }
            return findings;
        }

        private boolean warns(String line, Journey journey) {
            return line.contains("WARN")
                    && line.contains(" domain=" + journey.domain() + " ")
                    && line.contains(" verdict=violation violation=" + violation.label() + " ");
        }

        private static void names(Findings findings, Bounce bounce, String what, String text) {
            findings.expect(
                    bounce.explanation().contains(text), "the bounce does not name " + what + " ('" + text + "')");
        }
    }

    /**
     * The mail arrives once although its policy is violated, and the log says that it would have been refused.
     *
     * @param violation the reason
     * @param protocol how the mail has to travel: a version of TLS, or in the clear
     */
    record Reported(Violation violation, String protocol) implements Expectation {
        @Override
        public boolean settled(Journey journey, List<Bounce> bounces) {
            return journey.server().arrivals(journey.recipient()) > 0;
        }

        @Override
        public Findings examine(Journey journey, List<Bounce> bounces, String logOfJames) {
            String protocols = journey.server().protocols();
            long told = logOfJames
                    .lines()
                    .filter(line -> line.contains(" domain=" + journey.domain() + " "))
                    .filter(line -> line.contains(" verdict=reported violation=" + violation.label() + " "))
                    .count();
            return arrived(journey, bounces, protocols)
                    .alsoSeen("log: reported, " + violation.label())
                    .expect(protocols.equals(protocol), "the connection is '" + protocols + "', not " + protocol)
                    .expect(told == 1, "the log says " + told + " times that it would have been refused, not once");
        }
    }

    /**
     * James goes to port 25, where no server can be put without root: the log shows where it went, and the sender gets a
     * bounce.
     *
     * @param host the mail host as the log names it
     */
    record TriedAtPort25(String host) implements Expectation {
        @Override
        public boolean settled(Journey journey, List<Bounce> bounces) {
            return bounces.stream().anyMatch(bounce -> bounce.concerns(journey.recipient()));
        }

        @Override
        public Findings examine(Journey journey, List<Bounce> bounces, String logOfJames) {
            long tries = logOfJames
                    .lines()
                    .filter(line -> line.contains(" domain=" + journey.domain() + " "))
                    .filter(line -> line.contains(" host=" + host + " ") && line.contains(" port=25 "))
                    .count();
            return new Findings(
                            "log: " + host + " port 25 tried " + tries + " times; MX "
                                    + (journey.server().connections() == 0 ? "nothing" : "was asked"),
                            bounces.isEmpty()
                                    ? "nothing"
                                    : "bounce " + bounces.get(0).code())
                    .expect(tries > 0, "the log shows no connection to " + host + " at port 25")
                    .expect(bounces.size() == 1, bounces.size() + " bounces, where one was to come")
                    .expect(
                            journey.server().connections() == 0,
                            journey.server().host() + " was asked");
        }
    }

    private static Findings arrived(Journey journey, List<Bounce> bounces, String how) {
        int arrivals = journey.server().arrivals(journey.recipient());
        return new Findings(
                        (arrivals == 0 ? "no mail" : arrivals + " mail") + (how.isEmpty() ? "" : ", " + how),
                        bounces.isEmpty()
                                ? "nothing"
                                : "bounce " + bounces.get(0).code())
                .expect(arrivals == 1, "the mail arrived " + arrivals + " times")
                .expect(bounces.isEmpty(), "the sender got a bounce although the mail was to arrive");
    }
}
