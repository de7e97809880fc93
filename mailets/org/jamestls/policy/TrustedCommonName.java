package org.jamestls.policy;

import java.util.Optional;

/**
 * A name that a certificate may bear instead of the mail host's. It replaces the name check alone; everything else of
 * strong validation holds.
 *
 * @param written the text as configured, not blank
 * @param hostName the name, when the text is a host name; then it compares as one
 * @param wildcard the whole wildcard name in lower case, when the text is {@code *.} and a host name; only that very
 *     wildcard satisfies it
 */
public record TrustedCommonName(String written, Optional<DomainName> hostName, Optional<String> wildcard) {

    private static final String WILDCARD_LABEL = "*.";

    /**
     * Parses one {@code <commonName>}: a host name, a wildcard, or any other text, which compares with the common name
     * alone, ignoring case.
     *
     * @throws InvalidValueException when the text is blank, or a host name in U-labels that have to be written as
     *     A-labels
     */
    public static TrustedCommonName parse(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            throw new InvalidValueException("a trusted common name is empty; write the name in the certificate");
        }
        if (trimmed.startsWith(WILDCARD_LABEL)) {
            return new TrustedCommonName(
                    trimmed,
                    Optional.empty(),
                    hostName(trimmed.substring(WILDCARD_LABEL.length())).map(name -> WILDCARD_LABEL + name));
        }
        return new TrustedCommonName(trimmed, hostName(trimmed), Optional.empty());
    }

    private static Optional<DomainName> hostName(String text) {
        try {
            return Optional.of(DomainName.parseDns(text));
        } catch (InvalidValueException e) {
            boolean meantAsHostName =
                    text.indexOf('.') > 0 && !text.contains(" ") && text.chars().anyMatch(c -> c > 0x7f);
            if (meantAsHostName) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /**
     * Whether certificates satisfy both alike, however they are written: {@code MX.hosting.example.} is
     * {@code mx.hosting.example}.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof TrustedCommonName name && compared().equals(name.compared());
    }

    @Override
    public int hashCode() {
        return compared().hashCode();
    }

    /** What is compared with a certificate. Other text is never that of a host name or wildcard, so no two kinds meet. */
    private String compared() {
        return hostName.map(DomainName::text).or(() -> wildcard).orElseGet(() -> withoutCase(written));
    }

    /** Equal for texts that {@link String#equalsIgnoreCase} takes for equal. */
    private static String withoutCase(String text) {
        return text.codePoints()
                .map(Character::toUpperCase)
                .map(Character::toLowerCase)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public String toString() {
        return written;
    }
}
