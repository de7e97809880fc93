package org.jamestls.delivery;

import java.util.Optional;
import org.jamestls.policy.PolicyViolation;

/** Why no mail host took the mail: the failure of the recipients that no host accepted or refused. */
final class UnservedFailure {

    /** How many reasons are said, each behind its mail hosts. */
    static final int MOST_REASONS = 5;

    /** What stays free for marks and words between the parts of a reason, in characters. */
    private static final int ROOM_BETWEEN = 40;

    private UnservedFailure() {}

    static DeliveryFailure of(TourRecord tour) {
        String domain = tour.domain().text();
        Optional<PolicyViolation> violation = tour.attempts().stream()
                .map(HostAttempt::violation)
                .flatMap(Optional::stream)
                .findFirst();
        return violation
                .map(found -> DeliveryFailure.temporary(
                        found.violation().temporaryCode(),
                        reason("no mail host of " + domain + " satisfied the domain's TLS policy: ", tour)))
                .orElseGet(() -> new DeliveryFailure(
                        false,
                        code(tour),
                        tour.replyCode(),
                        reason("no mail host of " + domain + " took the mail: ", tour)));
    }

    /** The code of the first refusal, in the class of a failure that may pass; X.4.1 is no answer from host. */
    private static String code(TourRecord tour) {
        String otherwise = tour.hasBrokenOff() ? DeliveryFailure.INTERNAL_ERROR.enhancedCode() : "4.4.1";
        return tour.refusal()
                .map(failure -> "4" + failure.statusCode().toString().substring(1))
                .orElse(otherwise);
    }

    private static String reason(String whatHappened, TourRecord tour) {
        HostsByReason hosts = new HostsByReason();
        tour.attempts().forEach(attempt -> hosts.add(attempt.publicOutcome(), attempt));
        String untried = tour.untried().map(rest -> "; " + rest).orElse("");
        int room = DeliveryFailure.LONGEST_REASON - whatHappened.length() - untried.length() - ROOM_BETWEEN;
        return whatHappened + hosts.inOneLine(MOST_REASONS, room) + untried;
    }
}
