package org.jamestls.policy;

/**
 * One violation with its evidence.
 *
 * @param violation the reason
 * @param expected what the policy asks for
 * @param presented what the peer presented; escaped and cut as {@link PeerText} does
 */
public record PolicyViolation(Violation violation, String expected, String presented) {
    public PolicyViolation {
        expected = PeerText.clean(expected);
        presented = PeerText.clean(presented);
    }

    @Override
    public String toString() {
        return violation.description() + "; expected: " + expected + "; presented: " + presented;
    }
}
