package org.jamestls.james;

import static org.jamestls.james.FaultCase.Expected.bouncedAtOnce;
import static org.jamestls.james.FaultCase.Expected.deliveredAtOnce;
import static org.jamestls.james.FaultCase.Expected.retriedThenBounced;
import static org.jamestls.james.FaultCase.Expected.retriedThenDelivered;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jamestls.james.FaultCase.Doubt;
import org.jamestls.james.FaultCase.Expected;
import org.jamestls.james.FaultCase.Kind;
import org.jamestls.james.FaultCase.Patience;
import org.jamestls.james.FaultCase.Place;
import org.jamestls.testing.Fault;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.Moment;
import org.jamestls.testing.ReceivingServer;

/** The faults of mail hosts and of the DNS, each at a host that offers PIPELINING and CHUNKING and at one that does not. */
public final class FaultCases {

    /** Above all domains. A policy of it holds for all. */
    public static final String ABOVE = "faults.example";

    /** More than what the system buffers between two peers when one of them stops to read. */
    public static final int BIG = 8 << 20;

    /** The most mail hosts that a domain has. */
    public static final int MOST_EXCHANGES = 50;

    /** When a host is expected to say something. */
    private static final Set<Moment> REPLIES = EnumSet.of(
            Moment.GREETING,
            Moment.EHLO,
            Moment.STARTTLS,
            Moment.EHLO_OVER_TLS,
            Moment.MAIL,
            Moment.RCPT,
            Moment.DATA,
            Moment.CONTENT);

    private static final Set<Moment> BEFORE_THE_MAIL = EnumSet.range(Moment.GREETING, Moment.EHLO_OVER_TLS);

    private static final String LATER = "451 4.3.2 later";
    private static final String NEVER = "554 5.7.1 never";

    private final List<FaultCase> cases = new ArrayList<>();
    private final HeldCertificate certificate;

    private FaultCases(HeldCertificate certificate) {
        this.certificate = certificate;
    }

    /**
     * The whole table.
     *
     * @param certificate what the mail hosts present: one that is valid for all of {@code *.faults.example}
     */
    public static List<FaultCase> all(HeldCertificate certificate) {
        FaultCases all = new FaultCases(certificate);
        all.noConnection();
        all.brokenConnections();
        all.afterTheReply();
        all.closing421();
        all.temporaryRefusals();
        all.permanentRefusals();
        all.repliesInOtherShapes();
        all.dns();
        all.manyExchanges();
        return all.cases;
    }

    private void noConnection() {
        add("nobody listens", (stage, domain, kind) -> deserted(stage, domain, 0), retriedThenBounced("5.4.1"));
        add(
                "nobody listens at the first of two hosts",
                (stage, domain, kind) -> {
                    deserted(stage, domain, 1);
                    stage.host(mailHost(domain, 2), kind.apply(host()));
                    stage.dns.mx(domain, mailHost(domain, 1), mailHost(domain, 2));
                },
                deliveredAtOnce());
    }

    private void brokenConnections() {
        for (Moment moment : REPLIES) {
            for (Fault fault : List.of(Fault.SILENCE, Fault.CLOSE, Fault.RESET, Fault.CLOSE_INSIDE_REPLY)) {
                addBroken(fault + " at " + moment, moment, fault, retriedThenDelivered());
            }
        }
        for (Fault fault : List.of(Fault.SILENCE, Fault.CLOSE, Fault.RESET)) {
            addBroken(fault + " at HANDSHAKE", Moment.HANDSHAKE, fault, retriedThenDelivered());
        }
        for (Fault fault : List.of(Fault.DEAFNESS, Fault.CLOSE, Fault.RESET)) {
            addBroken(fault + " before the final dot", Moment.INSIDE_CONTENT, fault, retriedThenDelivered());
        }
        // RFC 1047 §2: nobody can tell this from the loss of the message, so a second copy is right
        for (Fault fault : List.of(Fault.SILENCE, Fault.CLOSE, Fault.RESET)) {
            addBroken(
                    fault + " at CONTENT, and the host has taken the mail",
                    Moment.TAKEN,
                    fault,
                    retriedThenDelivered().inCopies(2));
        }
    }

    private void addBroken(String name, Moment moment, Fault fault, Expected expected) {
        boolean big = moment == Moment.INSIDE_CONTENT;
        int times = switch (moment) {
            // a host that goes on after the first RCPT, and accepts the second, would have the mail for that one
            case RCPT -> FaultCase.RECIPIENTS.size();
            case HANDSHAKE -> 2; // the second time without the hybrid, in the same attempt
            default -> 1;
        };
        Place place = atHost(host -> host.fault(moment, fault, times).receiveBuffer(big ? 64 << 10 : 0));
        boolean waits = fault == Fault.SILENCE || fault == Fault.DEAFNESS;
        Patience patience = waits ? Patience.SHORT : Patience.AMPLE;
        for (Kind kind : Kind.values()) {
            cases.add(new FaultCase(name, kind, place, patience, big, expected.with(doubt(moment, kind))));
        }
    }

    /** With BDAT the whole message may go out together with MAIL, before any reply. */
    private static Doubt doubt(Moment moment, Kind kind) {
        if (moment == Moment.CONTENT || moment == Moment.TAKEN) {
            return Doubt.SAID;
        }
        boolean perhapsSent = EnumSet.of(Moment.MAIL, Moment.RCPT, Moment.DATA).contains(moment);
        return kind == Kind.PIPELINING_AND_CHUNKING && perhapsSent ? Doubt.EITHER : Doubt.UNSAID;
    }

    private void afterTheReply() {
        addBroken("silence instead of a reply to QUIT", Moment.AFTER_REPLY, Fault.SILENCE, deliveredAtOnce());
        addBroken("close instead of a reply to QUIT", Moment.AFTER_REPLY, Fault.CLOSE, deliveredAtOnce());
        addBroken("reset instead of a reply to QUIT", Moment.AFTER_REPLY, Fault.RESET, deliveredAtOnce());
        addBroken(
                "421 behind the reply to the mail",
                Moment.AFTER_REPLY,
                Fault.saying("421 4.3.2 closing"),
                deliveredAtOnce());
    }

    private void closing421() {
        Fault closing = Fault.saying("421 4.3.2 closing");
        for (Moment moment : REPLIES) {
            addOnce("421 at " + moment, moment, closing, retriedThenDelivered());
        }
        addForEver("421 to MAIL for ever", Moment.MAIL, closing, retriedThenBounced("5.3.2"));
    }

    private void temporaryRefusals() {
        for (Moment moment : REPLIES) {
            if (moment != Moment.RCPT) {
                addOnce("4yz at " + moment, moment, Fault.saying(LATER), retriedThenDelivered());
            }
        }
        addForEver("4yz at GREETING for ever", Moment.GREETING, Fault.saying(LATER), retriedThenBounced("5.3.2"));
        addForEver("4yz at STARTTLS for ever", Moment.STARTTLS, Fault.saying(LATER), retriedThenBounced("5.7.4"));
        addForEver("4yz at CONTENT for ever", Moment.CONTENT, Fault.saying(LATER), retriedThenBounced("5.3.2"));
        addForEver("4yz at RCPT for ever", Moment.RCPT, Fault.saying(LATER), retriedThenBounced("5.3.2"));
        for (Set<String> refused : List.of(Set.of("first"), Set.of("second"), FaultCase.RECIPIENTS)) {
            add("4yz to RCPT of " + refused, toRecipients(refused, LATER, "250 2.1.5 ok"), retriedThenDelivered());
        }
    }

    private void permanentRefusals() {
        for (Moment moment : BEFORE_THE_MAIL) {
            if (moment != Moment.HANDSHAKE) {
                addOnce("5yz at " + moment, moment, Fault.saying(NEVER), retriedThenDelivered());
            }
        }
        addForEver("5yz at GREETING for ever", Moment.GREETING, Fault.saying(NEVER), retriedThenBounced("5.7.1"));
        addForEver("5yz at STARTTLS for ever", Moment.STARTTLS, Fault.saying(NEVER), retriedThenBounced("5.7.4"));
        for (Moment moment : List.of(Moment.MAIL, Moment.RCPT, Moment.DATA, Moment.CONTENT)) {
            addForEver("5yz at " + moment, moment, Fault.saying(NEVER), bouncedAtOnce("5.7.1", "first", "second"));
        }
        for (String refused : FaultCase.RECIPIENTS) {
            add(
                    "5yz to RCPT of " + refused,
                    toRecipients(Set.of(refused), "550 5.1.1 nobody"),
                    bouncedAtOnce("5.1.1", refused));
        }
        add(
                "4yz to RCPT of first, 5yz to RCPT of second",
                atHost((host, domain) -> host.replyToRecipient("first@" + domain, LATER, "250 2.1.5 ok")
                        .replyToRecipient("second@" + domain, "550 5.1.1 nobody")),
                new Expected(bouncedAtOnce("5.1.1", "second").bounced(), 1, true, Doubt.UNSAID));
    }

    private void repliesInOtherShapes() {
        add("every reply in three lines", atHost(host -> host.spelling(FaultCases::inThreeLines)), deliveredAtOnce());
        add("every reply in single octets", atHost(ReceivingServer.Builder::inSingleOctets), deliveredAtOnce());
        add(
                "every reply in three lines and single octets",
                atHost(host -> host.spelling(FaultCases::inThreeLines).inSingleOctets()),
                deliveredAtOnce());
        add(
                "lines of 4,000 octets",
                atHost(host -> host.spelling(reply -> reply + " " + "x".repeat(3990 - reply.length()))),
                deliveredAtOnce());
        for (Moment moment : REPLIES) {
            addBroken(
                    "a line of 9,000 octets at " + moment,
                    moment,
                    Fault.saying("250 " + "x".repeat(9000)),
                    retriedThenDelivered());
            addBroken(
                    "200 lines at " + moment,
                    moment,
                    Fault.saying("250-x\r\n".repeat(199) + "250 x"),
                    retriedThenDelivered());
        }
    }

    private static String inThreeLines(String reply) {
        String continued = reply.substring(0, 3) + "-" + reply.substring(4) + "\r\n";
        return reply.contains("\r\n") ? reply : continued + continued + reply;
    }

    private void dns() {
        add(
                "no answer about the MX records, then one",
                (stage, domain, kind) -> {
                    atHost(host -> host).stage(stage, domain, kind);
                    stage.dns.failing(domain, 2);
                },
                retriedThenDelivered());
        add(
                "no answer about the address of the mail host, then one",
                (stage, domain, kind) -> {
                    atHost(host -> host).stage(stage, domain, kind);
                    stage.dns.failing(mailHost(domain, 0), 2);
                },
                retriedThenDelivered());
        add(
                "no answer about the MX records for ever",
                (stage, domain, kind) -> stage.dns.failing(domain),
                retriedThenBounced("5.4.3"));
    }

    private void manyExchanges() {
        add(
                "50 MX hosts, of which the last listens",
                (stage, domain, kind) -> exchanges(stage, domain, kind, number -> {
                    deserted(stage, domain, number);
                }),
                deliveredAtOnce());
        add(
                "50 MX hosts, of which the last takes mail",
                (stage, domain, kind) -> exchanges(stage, domain, kind, number -> {
                    switch (number % 5) {
                        case 0 -> deserted(stage, domain, number);
                        case 1 -> stage.host(mailHost(domain, number), host().fault(Moment.GREETING, Fault.CLOSE));
                        case 2 -> stage.host(mailHost(domain, number), host().fault(Moment.EHLO, Fault.RESET));
                        case 3 -> stage.host(mailHost(domain, number), host().fault(Moment.MAIL, Fault.saying(LATER)));
                        default -> stage.dns.failing(mailHost(domain, number));
                    }
                }),
                deliveredAtOnce());
        add(
                "50 MX hosts, of which none listens",
                (stage, domain, kind) -> {
                    exchanges(stage, domain, kind, number -> deserted(stage, domain, number));
                    stage.dns.failing(mailHost(domain, MOST_EXCHANGES));
                },
                retriedThenBounced("5.4.1"));
    }

    private interface Exchange {
        void declare(int number);
    }

    private void exchanges(
            Stage stage, String domain, UnaryOperator<ReceivingServer.Builder> kind, Exchange allButTheLast) {
        List<String> names = new ArrayList<>();
        for (int number = 1; number <= MOST_EXCHANGES; number++) {
            names.add(mailHost(domain, number));
            if (number < MOST_EXCHANGES) {
                allButTheLast.declare(number);
            } else {
                stage.host(mailHost(domain, number), kind.apply(host()));
            }
        }
        stage.dns.mx(domain, names.toArray(String[]::new));
    }

    private static void deserted(Stage stage, String domain, int number) {
        stage.deserted(mailHost(domain, number));
        stage.dns.mx(domain, mailHost(domain, number));
    }

    /** The name of a domain's mail host; its certificate names all of them. */
    public static String mailHost(String domain, int number) {
        return "mx" + number + "-" + domain;
    }

    private ReceivingServer.Builder host() {
        return Stage.presenting(certificate);
    }

    private Place atHost(UnaryOperator<ReceivingServer.Builder> faults) {
        return atHost((host, domain) -> faults.apply(host));
    }

    private Place atHost(BiFunction<ReceivingServer.Builder, String, ReceivingServer.Builder> faults) {
        return (stage, domain, kind) -> {
            stage.host(mailHost(domain, 0), faults.apply(kind.apply(host()), domain));
            stage.dns.mx(domain, mailHost(domain, 0));
        };
    }

    private Place toRecipients(Set<String> localParts, String... replies) {
        return atHost((host, domain) -> {
            localParts.forEach(localPart -> host.replyToRecipient(localPart + "@" + domain, replies));
            return host;
        });
    }

    private void addOnce(String name, Moment moment, Fault fault, Expected expected) {
        add(name, atHost(host -> host.fault(moment, fault, 1)), expected);
    }

    private void addForEver(String name, Moment moment, Fault fault, Expected expected) {
        add(name, atHost(host -> host.fault(moment, fault)), expected);
    }

    private void add(String name, Place place, Expected expected) {
        for (Kind kind : Kind.values()) {
            cases.add(new FaultCase(name, kind, place, Patience.AMPLE, false, expected));
        }
    }
}
