package org.jamestls.cli;

/** An input of a command that it cannot use. The message says why and what to write instead. */
final class UnusableInputException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableInputException(String message) {
        super(message);
    }
}
