package org.jamestls.certificate;

import java.util.Locale;
import java.util.Optional;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.InvalidValueException;

/**
 * A host name as a certificate presents it.
 *
 * @param name the name, without the wildcard label
 * @param wildcard whether the left-most label is {@code *}
 */
record PresentedDnsName(DomainName name, boolean wildcard) {

    private static final String WILDCARD_LABEL = "*.";

    /**
     * Reads a DNS SAN or a CN. RFC 9525 §6.3: A-labels alone, compared without regard to case. What is no host name in
     * that form, such as one with a NUL, a U-label, a trailing dot or a wildcard inside a label, is none.
     */
    static Optional<PresentedDnsName> parse(String presented) {
        if (!presented.chars().allMatch(c -> c < 0x80)) {
            return Optional.empty();
        }
        String name = presented.toLowerCase(Locale.ROOT);
        boolean wildcard = name.startsWith(WILDCARD_LABEL);
        try {
            return Optional.of(new PresentedDnsName(
                    new DomainName(wildcard ? name.substring(WILDCARD_LABEL.length()) : name), wildcard));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    /** Whether the presented name stands for the host. */
    boolean covers(DomainName host) {
        // RFC 9525 §6.3: the wildcard is the whole left-most label and stands for exactly one label
        return wildcard ? !aboveEveryName() && host.parent().equals(Optional.of(name)) : name.equals(host);
    }

    /**
     * Whether the wildcard would stand for every name of a top-level domain.
     *
     * <p>Deviation: RFC 9525 §6.3 lets {@code *.example} stand for {@code bank.example} and leaves public suffixes to
     * the authorities (§7.1); one certificate for all of a top-level domain is refused here.
     */
    private boolean aboveEveryName() {
        return name.parent().isEmpty();
    }

    @Override
    public String toString() {
        return wildcard ? WILDCARD_LABEL + name : name.text();
    }
}
