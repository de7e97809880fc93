package org.jamestls.policyfile;

import java.util.List;
import java.util.stream.Collectors;

/** A policy file is rejected. The message lists the first {@value #ERRORS_SHOWN} errors, one per line. */
public final class PolicyFileException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int ERRORS_SHOWN = 20;

    private final transient List<PolicyFileError> errors;

    PolicyFileException(List<PolicyFileError> errors) {
        super(message(errors));
        this.errors = List.copyOf(errors);
    }

    /** Every error, in the order of the file, the first {@value FaultCollector#CAPACITY} at most; never empty. */
    public List<PolicyFileError> errors() {
        return errors;
    }

    static String message(List<PolicyFileError> errors) {
        String shown = errors.stream()
                .limit(ERRORS_SHOWN)
                .map(PolicyFileError::toString)
                .collect(Collectors.joining(System.lineSeparator()));
        int omitted = errors.size() - ERRORS_SHOWN;
        return omitted > 0 ? shown + System.lineSeparator() + "and " + omitted + " more" : shown;
    }
}
