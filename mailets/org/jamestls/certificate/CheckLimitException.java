package org.jamestls.certificate;

/** A check that was stopped because it cost too much. */
final class CheckLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckLimitException(String reason) {
        super(reason);
    }
}
