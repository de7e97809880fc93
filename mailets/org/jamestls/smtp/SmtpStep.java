package org.jamestls.smtp;

/** Where in a session something happened, in the order in which a session goes. */
public enum SmtpStep {
    CONNECT(true),
    GREETING(true),
    EHLO(true),
    STARTTLS(true),
    HANDSHAKE(true),
    AUTH(true),
    RSET(true),
    MAIL(false),
    RCPT(false),
    DATA(false),
    /** The message, its final dot and the reply to it. */
    CONTENT(false),
    QUIT(true);

    private final boolean concernsHost;

    SmtpStep(boolean concernsHost) {
        this.concernsHost = concernsHost;
    }

    /** Whether a failure says something about the mail host alone, so that another host may take the mail. */
    public boolean concernsHost() {
        return concernsHost;
    }
}
