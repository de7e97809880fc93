package org.jamestls.policy;

import java.util.Optional;

/** What the policy table says about one recipient domain, and by which of its entries. */
public sealed interface PolicyDecision {

    /** Whether the domain is an enforced one: a policy applies to it, in whichever mode. */
    boolean enforced();

    TlsRequirement requirement();

    MailDelivery mailDelivery();

    /** The policy as it applies; empty where {@code <otherDomains>} decides. */
    Optional<DomainPolicy> policy();

    /** What a mail host's certificate has to prove; empty where no policy says so and nothing else asks for proof. */
    default Optional<CertificateValidation> certificateValidation() {
        return policy().map(DomainPolicy::certificateValidation);
    }

    /** Which entry decides, in words for logs and bounces. */
    String origin();

    /** In which way an entry decides. */
    Basis basis();

    /** The domain of the entry that decides; of an exclusion, the entry that holds it; empty where none does. */
    Optional<DomainName> entry();

    /** The ways in which it is decided what applies to a domain. */
    enum Basis {
        OWN("own"),
        INHERITED("inherited"),
        EXCLUDED("excluded"),
        OTHER_DOMAINS("otherDomains");

        private final String label;

        Basis(String label) {
            this.label = label;
        }

        /** The name for programs. */
        public String label() {
            return label;
        }
    }

    /** What the policy file says, whatever else asks for more. */
    default PolicyDecision byFileAlone() {
        return this;
    }

    /** Whether a violation is told, and the mail sent all the same. */
    default boolean reportOnly() {
        return policy().filter(DomainPolicy::reportOnly).isPresent();
    }

    /** Whether a connection that violates the policy is refused; in report mode it is not. */
    default boolean refusesViolations() {
        return enforced() && !reportOnly();
    }

    /**
     * This decision, or, for a domain without a policy where it asks for less, one that asks for so much. What a policy
     * says is never changed.
     *
     * @param by what asks for so much, in words
     */
    default PolicyDecision atLeast(TlsRequirement least, String by) {
        boolean enough = requirement().comparedWith(least).atLeast();
        return enforced() || enough
                ? this
                : new Strengthened(this, requirement().and(least), by);
    }

    /**
     * This decision joined with a demand for certificates that prove the mail host, which concerns a policy too: a relaxed
     * one and one that is only reported. A trusted common name of the policy remains proof, as the operator said.
     *
     * @param by what asks for it, in words
     */
    default PolicyDecision verified(String by) {
        return requirement().provesHost()
                ? this
                : new Strengthened(this, requirement().verified(), by);
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
            return applied.requirement();
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

        @Override
        public Basis basis() {
            return inherited() ? Basis.INHERITED : Basis.OWN;
        }

        @Override
        public Optional<DomainName> entry() {
            return Optional.of(applied.domain());
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

        @Override
        public Basis basis() {
            return Basis.EXCLUDED;
        }

        @Override
        public Optional<DomainName> entry() {
            return Optional.of(holder.domain());
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

        @Override
        public Basis basis() {
            return Basis.OTHER_DOMAINS;
        }

        @Override
        public Optional<DomainName> entry() {
            return Optional.empty();
        }
    }

    /**
     * Something else asks for more than the policy file: at least for something of a domain without a policy, or of any
     * domain for certificates that prove the mail host.
     *
     * @param asWritten what the policy file says
     * @param requirement what is asked for instead
     * @param by what asks for it
     */
    record Strengthened(PolicyDecision asWritten, TlsRequirement requirement, String by) implements PolicyDecision {
        @Override
        public PolicyDecision byFileAlone() {
            return asWritten.byFileAlone();
        }

        @Override
        public boolean enforced() {
            return asWritten.enforced();
        }

        @Override
        public MailDelivery mailDelivery() {
            return asWritten.mailDelivery();
        }

        // of a policy nothing less than verification is ever asked beside what it says
        @Override
        public Optional<DomainPolicy> policy() {
            return asWritten.policy().map(DomainPolicy::verified);
        }

        @Override
        public Optional<CertificateValidation> certificateValidation() {
            return requirement.provesHost()
                    ? Optional.of(asWritten
                            .certificateValidation()
                            .<CertificateValidation>map(CertificateValidation::strong)
                            .orElse(CertificateValidation.STRONG))
                    : asWritten.certificateValidation();
        }

        @Override
        public String origin() {
            return asWritten.origin() + ", strengthened by " + by;
        }

        @Override
        public Basis basis() {
            return asWritten.basis();
        }

        @Override
        public Optional<DomainName> entry() {
            return asWritten.entry();
        }
    }
}
