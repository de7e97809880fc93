package org.jamestls.policy;

import java.util.Optional;

/** What the policy table says about one recipient domain, and by which of its entries. */
public sealed interface PolicyDecision {

    /** Whether the domain is an enforced one. */
    boolean enforced();

    TlsRequirement requirement();

    MailDelivery mailDelivery();

    /** The policy that applies; empty where {@code <otherDomains>} decides. */
    Optional<DomainPolicy> policy();

    /** Which entry decides, in words for logs and bounces. */
    String origin();

    /**
     * This decision, or, for a domain without a policy where it asks for less, one that asks for so much. What a policy
     * says is never changed.
     */
    default PolicyDecision atLeast(TlsRequirement least) {
        boolean enough = requirement().strength().compareTo(least.strength()) >= 0;
        return enforced() || enough ? this : new Strengthened(this, least);
    }

    /**
     * A policy applies, the domain's own or that of its nearest listed ancestor.
     *
     * @param domain the domain asked for
     * @param applied the policy
     */
    record Enforced(DomainName domain, DomainPolicy applied) implements PolicyDecision {

        /** Whether the policy is an ancestor's. */
        public boolean inherited() {
            return !domain.equals(applied.domain());
        }

        @Override
        public boolean enforced() {
            return true;
        }

        @Override
        public TlsRequirement requirement() {
            return applied.certificateValidation().requirement();
        }

        @Override
        public MailDelivery mailDelivery() {
            return applied.mailDelivery();
        }

        @Override
        public Optional<DomainPolicy> policy() {
            return Optional.of(applied);
        }

        @Override
        public String origin() {
            return inherited() ? "inherited from " + applied.domain() : "own";
        }
    }

    /**
     * The domain is an excluded sub-domain or lies below one; it goes out as other domains do.
     *
     * @param excludedName the name that the entry excludes
     * @param holder the entry that excludes it
     * @param otherDomains what decides instead
     */
    record Excluded(DomainName excludedName, DomainPolicy holder, OtherDomains otherDomains) implements PolicyDecision {
        @Override
        public boolean enforced() {
            return false;
        }

        @Override
        public TlsRequirement requirement() {
            return otherDomains.requirement();
        }

        @Override
        public MailDelivery mailDelivery() {
            return new MailDelivery.InboundRoute();
        }

        @Override
        public Optional<DomainPolicy> policy() {
            return Optional.empty();
        }

        @Override
        public String origin() {
            return "other domains (" + excludedName + " is excluded by " + holder.domain() + ")";
        }
    }

    /**
     * No entry has the domain or an ancestor of it.
     *
     * @param otherDomains what decides
     */
    record Unlisted(OtherDomains otherDomains) implements PolicyDecision {
        @Override
        public boolean enforced() {
            return false;
        }

        @Override
        public TlsRequirement requirement() {
            return otherDomains.requirement();
        }

        @Override
        public MailDelivery mailDelivery() {
            return new MailDelivery.InboundRoute();
        }

        @Override
        public Optional<DomainPolicy> policy() {
            return Optional.empty();
        }

        @Override
        public String origin() {
            return "other domains";
        }
    }

    /**
     * The domain has no policy, and the mailet's parameters ask for more than {@code <otherDomains>}.
     *
     * @param asWritten what the policy file says
     * @param requirement what is asked for instead
     */
    record Strengthened(PolicyDecision asWritten, TlsRequirement requirement) implements PolicyDecision {
        @Override
        public boolean enforced() {
            return false;
        }

        @Override
        public MailDelivery mailDelivery() {
            return asWritten.mailDelivery();
        }

        @Override
        public Optional<DomainPolicy> policy() {
            return Optional.empty();
        }

        @Override
        public String origin() {
            return asWritten.origin() + ", strengthened by the mailet's parameters";
        }
    }
}
