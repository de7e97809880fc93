package org.jamestls.smtp;

/** A connection for one mail. Closing it gives the connection back, to be kept open for the next mail or closed. */
public final class LeasedConnection implements AutoCloseable {

    private final SmtpConnections lender;
    private final ConnectionKey key;
    private final SmtpConnection connection;

    LeasedConnection(SmtpConnections lender, ConnectionKey key, SmtpConnection connection) {
        this.lender = lender;
        this.key = key;
        this.connection = connection;
    }

    public SmtpConnection connection() {
        return connection;
    }

    /** Whether the connection has served mails before. */
    boolean kept() {
        return connection.mails() > 0;
    }

    @Override
    public void close() {
        lender.takeBack(key, connection);
    }
}
