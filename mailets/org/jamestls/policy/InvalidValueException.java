package org.jamestls.policy;

/** A text is not the value that it should be. The message says what was found and what to write instead. */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidValueException(String message) {
        super(message);
    }
}
