package org.jamestls.testing;

/** When a {@link ReceivingServer} can commit a {@link Fault}, in the order of a session. */
public enum Moment {
    /** A connection has come; the greeting is due. */
    GREETING,
    EHLO,
    STARTTLS,
    /** The client begins TLS. */
    HANDSHAKE,
    EHLO_OVER_TLS,
    MAIL,
    /** MAIL on a connection that has brought a mail already. */
    LATER_MAIL,
    RCPT,
    /** DATA, or BDAT where the client uses that. */
    DATA,
    /** The message has begun and has not ended. */
    INSIDE_CONTENT,
    /** The whole message has come; the server has not taken it. */
    CONTENT,
    /** The server has taken the message; its reply is due. */
    TAKEN,
    /** The reply to a message that the server took has gone out. */
    AFTER_REPLY,
    /** The same, and the client has nothing more to say for a while. */
    IDLE,
    QUIT
}
