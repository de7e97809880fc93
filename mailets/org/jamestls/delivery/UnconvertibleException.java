package org.jamestls.delivery;

/** A message cannot be brought into the form that a mail host takes. */
final class UnconvertibleException extends Exception {
    private static final long serialVersionUID = 1L;

    UnconvertibleException(String message) {
        super(message);
    }
}
