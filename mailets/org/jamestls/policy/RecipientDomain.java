package org.jamestls.policy;

import java.util.Optional;

/** The domain of a recipient's address, as far as a policy can be looked up for it. */
public sealed interface RecipientDomain {

    /** The domain for look-ups, logs and grouping: equal texts mean the same destination. */
    String text();

    /** What a table says about the domain; empty when nothing can be looked up, so that mail to it is never sent. */
    Optional<PolicyDecision> decision(PolicyTable table);

    /**
     * Sorts what follows the {@code @} of an address, with or without the brackets of an address literal. Never throws.
     */
    static RecipientDomain of(String written) {
        try {
            return IpAddress.looksLikeAddress(written)
                    ? new AddressLiteral(IpAddress.parse(written))
                    : new Named(DomainName.parse(written));
        } catch (InvalidValueException e) {
            return new Unconvertible(written, e.getMessage());
        }
    }

    /**
     * A domain name.
     *
     * @param name the name that policies are looked up by
     */
    record Named(DomainName name) implements RecipientDomain {
        @Override
        public String text() {
            return name.text();
        }

        @Override
        public Optional<PolicyDecision> decision(PolicyTable table) {
            return Optional.of(table.find(name));
        }
    }

    /**
     * An address literal (RFC 5321 §4.1.3), which the policy file cannot list: {@code <otherDomains>} decides.
     *
     * @param address the mail host
     */
    record AddressLiteral(IpAddress address) implements RecipientDomain {
        @Override
        public String text() {
            return address.addressLiteral();
        }

        @Override
        public Optional<PolicyDecision> decision(PolicyTable table) {
            return Optional.of(new PolicyDecision.Unlisted(table.otherDomains()));
        }
    }

    /**
     * Neither: no policy can be looked up, so mail to it is never sent.
     *
     * @param written what the address says
     * @param reason why it cannot be converted, for the bounce
     */
    record Unconvertible(String written, String reason) implements RecipientDomain {
        @Override
        public String text() {
            return PeerText.clean(written);
        }

        @Override
        public Optional<PolicyDecision> decision(PolicyTable table) {
            return Optional.empty();
        }
    }
}
