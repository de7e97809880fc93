package org.jamestls.delivery;

import javax.mail.MessagingException;

/** A parameter of the mailet, or a setting around it, that cannot be used. It stops the mailet container's start. */
public final class InvalidParameterException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public InvalidParameterException(String message) {
        super(message);
    }
}
