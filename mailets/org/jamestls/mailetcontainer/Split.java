package org.jamestls.mailetcontainer;

/**
 * How a mail for enforced domains is split at a mailet.
 *
 * @param handed whether the mailet can get some of the recipients
 * @param left whether some can be left for the mailets that follow
 * @param others those who are left
 */
record Split(boolean handed, boolean left, Recipients others) {

    static Split of(ConfiguredMailet mailet, Recipients recipients) {
        MatcherTree matcher = mailet.matcher();
        Coverage coverage = matcher.coverage(recipients);
        return new Split(
                coverage != Coverage.NONE || mailet.matchesAllAfterException(),
                coverage != Coverage.ALL || mailet.matchesNoneAfterException(),
                mailet.matchesNoneAfterException() ? recipients : matcher.unmatched(recipients));
    }
}
