package org.jamestls.routing;

/** The DNS gave no answer; a later attempt may get one. */
public final class TemporaryDnsException extends Exception {
    private static final long serialVersionUID = 1L;

    public TemporaryDnsException(String message, Throwable cause) {
        super(message, cause);
    }
}
