package org.jamestls.demo;

/**
 * The policy that a case shows, in the words of table and bounce.
 *
 * @param validation {@code strong} or {@code relaxed}; {@code none} where no policy applies
 * @param origin which entry of the policy file it comes from
 * @param details what else the entry says, for the table
 */
record AppliedPolicy(String validation, String origin, String details) {

    static AppliedPolicy own(String validation) {
        return new AppliedPolicy(validation, "own", "");
    }

    static AppliedPolicy inherited(String validation, String ancestor) {
        return new AppliedPolicy(validation, "inherited from " + ancestor, "");
    }

    static AppliedPolicy otherDomains(String reason) {
        return new AppliedPolicy("none", reason, "");
    }

    AppliedPolicy with(String more) {
        return new AppliedPolicy(validation, origin, ", " + more);
    }

    String inTable() {
        return validation + ", " + origin + details;
    }

    String inBounce() {
        return "Policy: " + origin + ", " + validation + " certificate validation";
    }
}
