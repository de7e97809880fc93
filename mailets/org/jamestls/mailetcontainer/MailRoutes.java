package org.jamestls.mailetcontainer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where mail for the domains that one policy file enforces can go. Within a processor it walks from mailet to mailet; who
 * matches is handed to the mailet, and walks on with the others unless the mailet ends, delivers or redirects mail.
 *
 * <p>Mail that a mailet writes anew (bounces, forwards, answers) is other mail, which begins at {@value Processors#ROOT}.
 */
public final class MailRoutes {

    private final Processors processors;
    private final Departures departures;
    private final String policy;

    public MailRoutes(Processors processors, String policy) {
        this.processors = processors;
        this.departures = new Departures(processors);
        this.policy = policy;
    }

    /** The deliveries without the policy that mail can get to which James takes, by the shortest way each. */
    public List<WayOut> ofEveryMail() {
        List<Arrival> arrivals = new ArrayList<>(List.of(Arrival.ofEveryMail()));
        processors.mailets().stream()
                .filter(ConfiguredMailet::propagates)
                .map(MailRoutes::onceMore)
                .forEach(arrivals::add);
        return new Search().from(arrivals);
    }

    /** After an exception that is propagated James's spooler begins anew here, with all recipients that the mail ever had. */
    private static Arrival onceMore(ConfiguredMailet mailet) {
        return Arrival.at(
                mailet.processor(),
                "once more with all recipients, after an exception that " + mailet.withMatcher() + " propagates");
    }

    /** The deliveries without the policy that mail can get to after one of ours failed to deliver or to take it. */
    public List<WayOut> ofFailedMail(ConfiguredMailet ours) {
        String name = ours.simpleName();
        List<Arrival> arrivals = new ArrayList<>();
        ours.processorAfterException()
                .ifPresent(processor -> arrivals.add(Arrival.at(processor, "onMailetException of " + name)));
        ours.processorAfterMatcherException()
                .ifPresent(processor -> arrivals.add(Arrival.at(processor, "onMatchException of " + name)));
        arrivals.add(ours.parameter("bounceProcessor")
                .map(processor -> Arrival.at(processor, "bounceProcessor of " + name))
                .orElse(Arrival.at(Processors.ERROR, "bounces of " + name + " that cannot be made")));
        Search search = new Search();
        if (ours.walksOnAfterException()) {
            Arrival next = Arrival.at(ours.processor(), "it walks on after an exception")
                    .past(name);
            search.walk(processors.after(ours), next);
        }
        return search.from(arrivals);
    }

    /** The deliveries without the policy that mail can get to after one of ours delivered it. */
    public List<WayOut> ofDeliveredMail(ConfiguredMailet ours) {
        return new Search()
                .from(ours.parameter("onSuccess")
                        .map(processor -> List.of(Arrival.at(processor, "onSuccess of " + ours.simpleName())))
                        .orElse(List.of()));
    }

    private final class Search {
        private final Deque<Arrival> certain = new ArrayDeque<>();
        private final Deque<Arrival> guessed = new ArrayDeque<>();
        private final Set<String> seen = new HashSet<>();
        private final List<WayOut> found = new ArrayList<>();

        /** The first that lead somewhere tell the way; guesses come last, so that what is certain is never a guess. */
        private List<WayOut> from(List<Arrival> arrivals) {
            for (Arrival arrival : arrivals) {
                certain.add(arrival);
                follow(certain);
            }
            follow(guessed);
            return found;
        }

        private void follow(Deque<Arrival> waiting) {
            while (!waiting.isEmpty()) {
                arrive(waiting.remove());
            }
        }

        private void send(List<Arrival> arrivals) {
            arrivals.forEach(arrival -> (arrival.guessed() ? guessed : certain).add(arrival));
        }

        private void arrive(Arrival arrival) {
            String processor = processors.has(arrival.processor()) ? arrival.processor() : Processors.ERROR;
            if (seen.add(processor)) {
                walk(processors.of(processor), arrival);
            }
        }

        private void walk(List<ConfiguredMailet> mailets, Arrival arrival) {
            Arrival here = arrival;
            Recipients recipients = Recipients.enforcedBy(policy);
            for (ConfiguredMailet mailet : mailets) {
                Split split = Split.of(mailet, recipients);
                Effect effect = Effect.of(mailet, recipients);
                send(Departures.ofMatcher(mailet, here));
                if (split.handed()) {
                    hand(mailet, effect, here);
                }
                boolean passedOn = split.handed() && effect == Effect.PASSES_ON;
                if (!split.left() && !passedOn) {
                    return;
                }
                if (effect == Effect.ENFORCES) {
                    here = here.past(mailet.withMatcher());
                }
                // what a mailet changes in a mail may change what matchers say of it
                recipients = passedOn ? Recipients.enforcedBy(policy) : split.others();
            }
        }

        private void hand(ConfiguredMailet mailet, Effect effect, Arrival here) {
            switch (effect) {
                case LETS_OUT -> found.add(new WayOut(mailet, here.way(), here.guessed()));
                case REDIRECTS ->
                    send(List.of(
                            here.next(mailet.parameter("processor").orElse(Processors.ERROR), mailet.withMatcher())));
                case PASSES_ON -> {
                    send(departures.ofMailet(mailet, here));
                    found.addAll(departures.intoQueues(mailet, here));
                }
                case ENFORCES, DISCARDS -> {}
            }
        }
    }
}
