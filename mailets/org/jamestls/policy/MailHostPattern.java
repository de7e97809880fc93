package org.jamestls.policy;

import java.util.Set;

/**
 * The names that one {@code <mailHost>} stands for.
 *
 * @param anyLabel whether exactly one label, whichever it is, stands in front of the name
 * @param name the mail host's name, or what follows that label
 */
public record MailHostPattern(boolean anyLabel, DomainName name) {

    private static final String ANY_LABEL = "*.";

    /**
     * Parses a host name, or {@code *.} and a name.
     *
     * @throws InvalidValueException when the text is neither
     */
    public static MailHostPattern parse(String text) {
        boolean anyLabel = text.startsWith(ANY_LABEL);
        try {
            return new MailHostPattern(
                    anyLabel, DomainName.parseDns(anyLabel ? text.substring(ANY_LABEL.length()) : text));
        } catch (InvalidValueException e) {
            throw new InvalidValueException("'" + PeerText.clean(text)
                    + "' is not a mail host; write a name such as mx1.bank.example, or *.mail.bank.example, where *"
                    + " stands for one label");
        }
    }

    /** Whether a mail host bears one of the names; an address never does. */
    public boolean matches(Host host) {
        // RFC 8461 §4.1: the wildcard stands for the left-most label alone
        return host instanceof DomainName found
                && (anyLabel ? found.parent().filter(name::equals).isPresent() : found.equals(name));
    }

    /** Whether some of the patterns stand for every name that this one stands for. */
    boolean coveredBy(Set<MailHostPattern> patterns) {
        return patterns.contains(this)
                || !anyLabel
                        && name.parent()
                                .map(parent -> new MailHostPattern(true, parent))
                                .filter(patterns::contains)
                                .isPresent();
    }

    @Override
    public String toString() {
        return anyLabel ? ANY_LABEL + name : name.text();
    }
}
