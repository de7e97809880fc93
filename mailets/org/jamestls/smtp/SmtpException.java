package org.jamestls.smtp;

import java.io.IOException;

/** A session that cannot go on. {@link #failure()} says why. */
public final class SmtpException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient SmtpFailure failure;

    SmtpException(SmtpFailure failure) {
        super(failure.message());
        this.failure = failure;
    }

    SmtpException(SmtpFailure failure, Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    public SmtpFailure failure() {
        return failure;
    }
}
