package org.jamestls.mailetcontainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where mail leaves a processor for another at one of its mailets, beside walking on. */
final class Departures {

    private static final Set<String> ON_EXCEPTION = Set.of("onMailetException", "onMatchException");

    private final Processors processors;

    Departures(Processors processors) {
        this.processors = processors;
    }

    /** After an exception of the mailet's matcher. */
    static List<Arrival> ofMatcher(ConfiguredMailet mailet, Arrival from) {
        return mailet
                .processorAfterMatcherException()
                .map(processor -> from.next(processor, "exception of the matcher " + mailet.matcher()))
                .stream()
                .toList();
    }

    /** From a mailet that mail is handed to. */
    List<Arrival> ofMailet(ConfiguredMailet mailet, Arrival from) {
        List<Arrival> next = new ArrayList<>();
        for (Map.Entry<String, String> parameter : mailet.parameters().entrySet()) {
            String name = parameter.getKey();
            String cause = name + " of " + mailet.withMatcher();
            if (ON_EXCEPTION.contains(name)) {
                continue;
            }
            if (namesProcessor(name)) {
                next.add(from.next(parameter.getValue(), cause));
            } else if (processors.has(parameter.getValue())) {
                next.add(from.guess(parameter.getValue(), cause));
            }
        }
        ImpliedRoute.of(mailet).forEach(processor -> next.add(from.next(processor, mailet.withMatcher())));
        next.addAll(throughRepository(mailet, from));
        mailet.processorAfterException()
                .ifPresent(processor -> next.add(from.next(processor, "exception of " + mailet.withMatcher())));
        return next;
    }

    private static boolean namesProcessor(String parameter) {
        return parameter.equals("onSuccess")
                || parameter.toLowerCase(Locale.ROOT).endsWith("processor");
    }

    /** A mail that is put into a repository leaves it by the mailet that reads the same. */
    private List<Arrival> throughRepository(ConfiguredMailet mailet, Arrival from) {
        return processors.mailets().stream()
                .filter(reader -> reader.simpleName().equals("FromRepository"))
                .filter(reader -> mailet.parameter("repositoryPath").isPresent()
                        && mailet.parameter("repositoryPath").equals(reader.parameter("repositoryPath")))
                .map(reader -> from.next(
                        reader.parameter("processor").orElse(Processors.ROOT),
                        "FromRepository, which reads what " + mailet.withMatcher() + " stores"))
                .toList();
    }

    /** The deliveries whose queue the mailet puts mail into, as {@code Requeue} does. */
    List<WayOut> intoQueues(ConfiguredMailet mailet, Arrival from) {
        return processors.mailets().stream()
                .filter(ConfiguredMailet::isPlainRemoteDelivery)
                .filter(delivery ->
                        mailet.parameter("queue").filter(delivery::reads).isPresent())
                .map(delivery -> new WayOut(
                        delivery, from.way().then("its queue (" + mailet.withMatcher() + ")"), from.guessed()))
                .toList();
    }
}
