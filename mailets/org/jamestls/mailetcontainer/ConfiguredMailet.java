package org.jamestls.mailetcontainer;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jamestls.policy.FileLocation;

/**
 * A mailet as configured.
 *
 * @param processor the processor that it is in
 * @param className its class; James's own mailets may lack their package
 * @param matcher who gets to it
 * @param parameters its parameters, as James hands them to it
 */
public record ConfiguredMailet(
        String processor, String className, MatcherTree matcher, Map<String, String> parameters) {

    private static final String DEFAULT_OUTGOING_OF_REMOTE_DELIVERY = "outgoing";

    private static final Set<String> WRITES_RECIPIENTS = Set.of("RecipientRewriteTable", "PostmasterAlias");

    private static final String IGNORE = "ignore";
    private static final String NO_MATCH = "nomatch";
    private static final String MATCH_ALL = "matchall";
    private static final String PROPAGATE = "propagate";

    public ConfiguredMailet {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    static ConfiguredMailet read(
            String processor, MatcherTree matcher, HierarchicalConfiguration<ImmutableNode> element) {
        Map<String, String> parameters = new HashMap<>();
        Iterator<String> keys = element.getKeys();
        while (keys.hasNext()) {
            String key = keys.next();
            if (!key.contains("[@")) {
                parameters.put(
                        key.replace("..", "."),
                        String.join(",", element.getStringArray(key)).strip());
            }
        }
        return new ConfiguredMailet(processor, element.getString("[@class]", ""), matcher, parameters);
    }

    /** Whether it is ours. */
    public boolean isTlsRemoteDelivery() {
        return className.equals(TlsNames.MAILET);
    }

    /** Whether it is a RemoteDelivery, or a class derived from it by its name, that knows no policy. */
    public boolean isPlainRemoteDelivery() {
        return !isTlsRemoteDelivery() && className.endsWith("RemoteDelivery");
    }

    /** Whether it is one of James's that give a mail other recipients, at other domains. */
    boolean writesRecipients() {
        return WRITES_RECIPIENTS.contains(simpleName());
    }

    /** Whether it takes mail from a queue; a RemoteDelivery does so even where it names none. */
    public boolean reads(String queue) {
        if (isTlsRemoteDelivery() || isPlainRemoteDelivery()) {
            return outgoing().equals(queue);
        }
        return parameter("outgoing").equals(Optional.of(queue));
    }

    private String outgoing() {
        return parameter("outgoing")
                .orElse(isTlsRemoteDelivery() ? TlsNames.DEFAULT_OUTGOING : DEFAULT_OUTGOING_OF_REMOTE_DELIVERY);
    }

    /** The policy file of one of ours. */
    public String policy() {
        return parameter("policy").map(FileLocation::url).orElse(TlsNames.DEFAULT_POLICY);
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** Whether mail at which it, or its matcher, threw an exception begins anew in this processor. */
    boolean propagates() {
        return onMailetException().equals(PROPAGATE) || onMatchException().equals(PROPAGATE);
    }

    /** The processor for mail at which it threw an exception. */
    Optional<String> processorAfterException() {
        return Optional.of(onMailetException())
                .filter(value -> !List.of(IGNORE, PROPAGATE).contains(value));
    }

    /** The processor for mail at which its matcher threw an exception. */
    Optional<String> processorAfterMatcherException() {
        return Optional.of(onMatchException())
                .filter(value -> matcher.mayThrow())
                .filter(value -> !List.of(NO_MATCH, MATCH_ALL, PROPAGATE).contains(value));
    }

    /** Whether mail at which its matcher threw an exception is handed to it. */
    boolean matchesAllAfterException() {
        return matcher.mayThrow() && onMatchException().equals(MATCH_ALL);
    }

    /** Whether mail at which its matcher threw an exception walks on past it. */
    boolean matchesNoneAfterException() {
        return matcher.mayThrow() && onMatchException().equals(NO_MATCH);
    }

    /** Whether mail at which it, or its matcher, threw an exception walks on to the next mailet. */
    boolean walksOnAfterException() {
        return onMailetException().equals(IGNORE) || matchesNoneAfterException();
    }

    private String onMailetException() {
        return onException("onMailetException", IGNORE);
    }

    private String onMatchException() {
        return onException("onMatchException", NO_MATCH);
    }

    /**
     * What is written, in lower case, which James applies to a processor's name too. Mail that is sent to the very
     * processor that it is in does not begin there anew: it walks on.
     */
    private String onException(String parameter, String walkOn) {
        String value =
                parameter(parameter).map(text -> text.toLowerCase(Locale.US)).orElse(Processors.ERROR);
        return value.equals(processor) ? walkOn : value;
    }

    /** The class without its package. */
    public String simpleName() {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    /** The mailet and its place, for messages. */
    public String describe() {
        return className + " in processor '" + processor + "'";
    }

    /** The mailet and its matcher, for messages; a matcher that takes everything is left out. */
    public String withMatcher() {
        return matcher.equals(new MatcherTree.Simple(MatcherName.ALL))
                ? simpleName()
                : simpleName() + " for " + matcher;
    }
}
