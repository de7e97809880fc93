package org.jamestls.load;

/** What a mail host does wrong for a while. None of it happens after the host has taken a message as its own. */
enum Disruption {
    /** Closes the connection and listens to nobody for some time. */
    DOWN,
    RESET_AT_ONCE,
    GREETING_421,
    NO_STARTTLS,
    STARTTLS_454,
    WRONG_CERTIFICATE,
    /** Takes mails, but closes the connection without a word when none comes at once. */
    CLOSE_WHEN_IDLE,

    MAIL_451,
    MAIL_421,
    RCPT_450,
    RESET_IN_MESSAGE,
    DOT_451,
    /** Takes the mail, and closes the connection without a word after its reply. */
    CLOSE_AFTER_MAIL,
    /** Takes the mail, and says so late. */
    LATE_REPLY
}
