package org.jamestls.mailetcontainer;

/**
 * A delivery that does not know the policy and that mail for an enforced domain can get to.
 *
 * @param delivery the mailet that delivers
 * @param way how the mail gets there
 * @param guessed whether the way rests on a parameter that James does not define
 */
public record WayOut(ConfiguredMailet delivery, Way way, boolean guessed) {}
