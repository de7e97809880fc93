package org.jamestls.policyfile;

import java.time.Instant;
import java.util.List;

/** Whether the policy that runs is the one that the file says. */
public sealed interface PolicyFileState {

    /** Since when it is so. */
    Instant since();

    /** Whether the running policy is the file's. */
    boolean upToDate();

    /** Why it is not; empty when it is. */
    List<PolicyFileError> errors();

    /**
     * The running policy is the file's.
     *
     * @param since when it was taken up, or when the file was mended
     */
    record UpToDate(Instant since) implements PolicyFileState {
        @Override
        public boolean upToDate() {
            return true;
        }

        @Override
        public List<PolicyFileError> errors() {
            return List.of();
        }
    }

    /**
     * The file is rejected or missing; the policy that it had before runs on.
     *
     * @param since when it was first seen rejected
     * @param errors why, not empty
     */
    record Rejected(Instant since, List<PolicyFileError> errors) implements PolicyFileState {
        public Rejected {
            errors = List.copyOf(errors);
        }

        @Override
        public boolean upToDate() {
            return false;
        }
    }
}
