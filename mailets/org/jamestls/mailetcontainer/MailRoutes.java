package org.jamestls.mailetcontainer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * The deliveries without the policy that mail can get to which James takes, each by the first way found.
     *
     * <p>Enforced recipients come in at {@value Processors#ROOT}, but also further down: from mailets that write other
     * recipients, and after an exception that is propagated, since James's spooler then gives the mail to the same
     * processor again, with all recipients that it ever had.
     */
    public List<WayOut> ofEveryMail() {
        Search search = new Search();
        search.begin(Arrival.ofEveryMail());
        for (ConfiguredMailet mailet : processors.mailets()) {
            if (mailet.writesRecipients()) {
                search.beginAfter(
                        mailet, Arrival.at(mailet.processor(), "with recipients from " + mailet.withMatcher()));
            }
            if (mailet.propagates()) {
                search.begin(Arrival.at(
                        mailet.processor(),
                        "once more with all recipients, after an exception that " + mailet.withMatcher()
                                + " propagates"));
            }
        }
        return search.end();
    }

    /** The deliveries without the policy that mail can get to after one of ours failed to deliver or to take it. */
    public List<WayOut> ofFailedMail(ConfiguredMailet ours) {
        String name = ours.simpleName();
        Search search = new Search();
        if (ours.walksOnAfterException()) {
            search.beginAfter(
                    ours,
                    Arrival.at(ours.processor(), "it walks on after an exception")
                            .past(name));
        }
        ours.processorAfterException()
                .ifPresent(processor -> search.begin(Arrival.at(processor, "onMailetException of " + name)));
        ours.processorAfterMatcherException()
                .ifPresent(processor -> search.begin(Arrival.at(processor, "onMatchException of " + name)));
        search.begin(ours.parameter("bounceProcessor")
                .map(processor -> Arrival.at(processor, "bounceProcessor of " + name))
                .orElse(Arrival.at(Processors.ERROR, "bounces of " + name + " that cannot be made")));
        return search.end();
    }

    /** The deliveries without the policy that mail can get to after one of ours delivered it. */
    public List<WayOut> ofDeliveredMail(ConfiguredMailet ours) {
        Search search = new Search();
        ours.parameter("onSuccess")
                .ifPresent(processor -> search.begin(Arrival.at(processor, "onSuccess of " + ours.simpleName())));
        return search.end();
    }

    private final class Search {
        private final Deque<Arrival> certain = new ArrayDeque<>();
        private final Deque<Arrival> guessed = new ArrayDeque<>();
        private final Set<String> seen = new HashSet<>();
        private final Map<ConfiguredMailet, WayOut> found = new LinkedHashMap<>();

        private void begin(Arrival arrival) {
            certain.add(arrival);
            follow(certain);
        }

        /** Begins behind a mailet. */
        private void beginAfter(ConfiguredMailet mailet, Arrival arrival) {
            walk(processors.after(mailet), arrival);
            follow(certain);
        }

        /** Guesses come last, so that what is certain is never a guess. */
        private List<WayOut> end() {
            follow(guessed);
            return List.copyOf(found.values());
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
                case LETS_OUT -> find(new WayOut(mailet, here.way(), here.guessed()));
                case REDIRECTS ->
                    send(List.of(
                            here.next(mailet.parameter("processor").orElse(Processors.ERROR), mailet.withMatcher())));
                case PASSES_ON -> {
                    send(departures.ofMailet(mailet, here));
                    departures.intoQueues(mailet, here).forEach(this::find);
                }
                case ENFORCES, DISCARDS -> {}
            }
        }

        private void find(WayOut out) {
            found.putIfAbsent(out.delivery(), out);
        }
    }
}
