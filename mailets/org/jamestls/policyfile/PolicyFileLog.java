package org.jamestls.policyfile;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.OtherDomains;
import org.jamestls.policy.PolicyChange;
import org.jamestls.policy.PolicyTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators read about a policy file in the log. Not safe for use by several threads at once. */
final class PolicyFileLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(LivePolicy.class);
    private static final Duration REPEAT_AFTER = Duration.ofHours(1);
    private static final int NAMES_SHOWN = 20;

    private final Path file;
    private final Clock clock;
    private List<PolicyFileError> told = List.of();
    private Instant toldAt = Instant.MIN;

    PolicyFileLog(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    void opened(PolicyTable table) {
        LOGGER.info(
                "Policy file {} read: {} domains listed, other domains {}",
                file,
                table.policies().size(),
                table.otherDomains().value());
    }

    /** Tells errors when they are new, and again every hour. */
    void rejected(List<PolicyFileError> errors) {
        Instant now = clock.instant();
        if (!errors.equals(told) || !now.isBefore(toldAt.plus(REPEAT_AFTER))) {
            told = errors;
            toldAt = now;
            LOGGER.error(
                    "Policy file {} is rejected; the policy that it had before stays in force until it is mended:{}{}",
                    file,
                    System.lineSeparator(),
                    PolicyFileException.message(errors));
        }
    }

    void mended() {
        told = List.of();
        LOGGER.warn("Policy file {} is mended: it is in force again", file);
    }

    void takenUp(PolicyChange change) {
        LOGGER.info("Policy file {} taken up: {}", file, change.isEmpty() ? "no policy changes" : all(change));
        if (change.weakens()) {
            LOGGER.warn("Policy file {} asks for less than before: {}", file, weakening(change));
        }
    }

    private static String all(PolicyChange change) {
        return new Parts()
                .names("added", change.added())
                .names("removed", change.removed())
                .names("strengthened", change.strengthened())
                .names("weakened", change.weakened())
                .names("altered", change.altered())
                .otherDomains(change.otherDomainsBefore(), change.otherDomainsAfter())
                .toString();
    }

    private static String weakening(PolicyChange change) {
        return new Parts()
                .names("removed", change.removed())
                .names("weakened", change.weakened())
                .names("altered (weaker in part)", change.weakerInPart())
                .otherDomains(change.otherDomainsBefore(), change.otherDomainsAfter())
                .toString();
    }

    /** What changed, joined to one line. */
    private static final class Parts {
        private final StringJoiner parts = new StringJoiner("; ");

        Parts names(String what, Collection<DomainName> names) {
            if (!names.isEmpty()) {
                int omitted = names.size() - NAMES_SHOWN;
                String shown =
                        names.stream().limit(NAMES_SHOWN).map(DomainName::text).collect(Collectors.joining(", "));
                parts.add(what + " " + shown + (omitted > 0 ? " and " + omitted + " more" : ""));
            }
            return this;
        }

        Parts otherDomains(OtherDomains before, OtherDomains after) {
            if (before != after) {
                parts.add("other domains from " + before.value() + " to " + after.value());
            }
            return this;
        }

        @Override
        public String toString() {
            return parts.toString();
        }
    }
}
