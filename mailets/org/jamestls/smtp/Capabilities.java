package org.jamestls.smtp;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamestls.policy.PeerText;

/**
 * What a mail host offers in its reply to EHLO (RFC 5321 §4.1.1.1).
 *
 * @param keywords each keyword in upper case with its parameters, as the host wrote them
 */
public record Capabilities(Map<String, List<String>> keywords) {

    private static final Pattern AUTH_EQUALS = Pattern.compile("^AUTH=", Pattern.CASE_INSENSITIVE);

    /** Those of a host that knows HELO alone. */
    static final Capabilities NONE = new Capabilities(Map.of());

    public Capabilities {
        keywords = Map.copyOf(keywords);
    }

    static Capabilities of(SmtpReply ehlo) {
        Map<String, List<String>> keywords = new HashMap<>();
        // RFC 5321 §4.1.1.1: the first line greets
        for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
            // Deviation: "AUTH=LOGIN" is of no RFC, but old servers write it beside or instead of "AUTH LOGIN"
            String[] words =
                    AUTH_EQUALS.matcher(line).replaceFirst("AUTH ").strip().split(" +");
            keywords.merge(
                    words[0].toUpperCase(Locale.ROOT), List.of(words).subList(1, words.length), Capabilities::joined);
        }
        return new Capabilities(keywords);
    }

    /** These without CHUNKING. */
    Capabilities withoutChunking() {
        Map<String, List<String>> others = new HashMap<>(keywords);
        others.remove("CHUNKING");
        return new Capabilities(others);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).distinct().toList();
    }

    private boolean offers(String keyword) {
        return keywords.containsKey(keyword);
    }

    private List<String> parameters(String keyword) {
        return keywords.getOrDefault(keyword, List.of());
    }

    /** RFC 3207. */
    public boolean startTls() {
        return offers("STARTTLS");
    }

    /** RFC 1870: whether a message's size may be declared. */
    public boolean size() {
        return offers("SIZE");
    }

    /** RFC 1870 §4: the greatest size of a message in octets; empty when the host sets or names none. */
    public OptionalLong sizeLimit() {
        return parameters("SIZE").stream()
                .limit(1)
                .filter(limit -> limit.matches("[0-9]{1,18}"))
                .mapToLong(Long::parseLong)
                .filter(limit -> limit > 0) // RFC 1870 §4: 0 means no fixed limit
                .findFirst();
    }

    /** RFC 6152. */
    public boolean eightBitMime() {
        return offers("8BITMIME");
    }

    /** RFC 2920. */
    public boolean pipelining() {
        return offers("PIPELINING");
    }

    /** RFC 3030. */
    public boolean chunking() {
        return offers("CHUNKING");
    }

    /** RFC 6531. */
    public boolean smtpUtf8() {
        return offers("SMTPUTF8");
    }

    /** RFC 3461. */
    public boolean dsn() {
        return offers("DSN");
    }

    /** RFC 2034. */
    public boolean enhancedStatusCodes() {
        return offers("ENHANCEDSTATUSCODES");
    }

    /** RFC 6710. */
    public boolean mtPriority() {
        return offers("MT-PRIORITY");
    }

    /** RFC 8689. */
    public boolean requireTls() {
        return offers("REQUIRETLS");
    }

    /** RFC 4954: mechanism names in upper case, in the host's order; empty when it offers no AUTH. */
    public List<String> authMechanisms() {
        return parameters("AUTH").stream()
                .map(mechanism -> mechanism.toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    @Override
    public String toString() {
        return PeerText.clean(String.join(" ", new TreeMap<>(keywords).keySet()));
    }
}
