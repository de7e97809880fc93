package org.jamestls.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.NoSuchElementException;
import org.apache.commons.pool2.BaseKeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericKeyedObjectPool;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.jamestls.policy.RecentlyUsed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that stay open from mail to mail. A handshake costs more than a mail, and a round trip more than either.
 * Safe for use by several threads.
 */
public final class SmtpConnections implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpConnections.class);

    private static final Duration IDLE_CHECK = Duration.ofSeconds(1);
    private static final Duration SHORT_IDLE_CHECK = Duration.ofMillis(50);
    private static final int MOST_KNOWN_HOSTS = 10_000;

    private final SmtpClient client;
    private final ConnectionLimits limits;
    private final Duration patience;
    private final InstantSource clock;
    private final LearnedLimits learnedLimits;
    private final WaitingRoom waitingRoom;
    private final GenericKeyedObjectPool<ConnectionKey, SmtpConnection> pool;
    private final RecentlyUsed<MailHostAddress, KnownHost> knownHosts =
            new RecentlyUsed<>(MOST_KNOWN_HOSTS, any -> new KnownHost());
    private final LeaveTakings leaveTakings;

    /**
     * @param client opens the connections
     * @param patience how long a mail waits for a connection while as many as allowed are in use
     */
    public SmtpConnections(SmtpClient client, ConnectionLimits limits, Duration patience, InstantSource clock) {
        this.client = client;
        this.limits = limits;
        this.patience = patience;
        this.clock = clock;
        this.learnedLimits = new LearnedLimits(clock);
        this.waitingRoom = new WaitingRoom(clock);
        this.pool = new GenericKeyedObjectPool<>(new Connections(), configuration(limits, patience));
        this.leaveTakings = new LeaveTakings(limits);
    }

    private static GenericKeyedObjectPoolConfig<SmtpConnection> configuration(
            ConnectionLimits limits, Duration patience) {
        GenericKeyedObjectPoolConfig<SmtpConnection> configuration = new GenericKeyedObjectPoolConfig<>();
        configuration.setMaxTotalPerKey(limits.perHost());
        configuration.setMaxIdlePerKey(limits.perHost());
        configuration.setMaxTotal(limits.inAll());
        configuration.setMaxWait(patience);
        configuration.setTestOnBorrow(true);
        configuration.setLifo(true); // the connection used last is the likeliest to be alive
        configuration.setMinEvictableIdleTime(limits.idle());
        configuration.setTimeBetweenEvictionRuns(
                limits.idle().compareTo(IDLE_CHECK) < 0 ? SHORT_IDLE_CHECK : IDLE_CHECK);
        configuration.setNumTestsPerEvictionRun(-1); // all of them
        configuration.setJmxEnabled(false);
        return configuration;
    }

    /**
     * A connection that was kept open, or a fresh one. A host that refuses a further connection while others are open is
     * not asked for more: the mail waits for one of those. While it is not known whether a host answers, one mail at a time
     * finds out; a silence that it met with is that of the mails that waited for it.
     *
     * @throws SmtpException as {@link SmtpClient#open} and {@link SmtpConnection#authenticate}, when no connection became
     *     free, and after the end
     */
    public LeasedConnection lease(ConnectionKey key) throws SmtpException {
        Instant deadline = clock.instant().plus(patience);
        HostAnswers answers = knownHosts.get(key.host()).answers();
        while (true) {
            HostAnswers.Turn turn = awaitTurn(key, answers, deadline);
            try {
                LeasedConnection leased = borrow(key);
                answers.heard();
                return leased;
            } catch (SmtpException e) {
                learn(answers, e.failure());
                int open = open(key);
                if (!e.failure().hostDown() || open == 0 || pool.isClosed()) {
                    throw e;
                }
                learnedLimits.refusedBeside(key, open);
            } finally {
                if (turn == HostAnswers.Turn.FIND_OUT) {
                    answers.foundOut();
                    waitingRoom.tell();
                }
            }
        }
    }

    private static void learn(HostAnswers answers, SmtpFailure failure) {
        if (failure.hostAnswered()) {
            answers.heard();
        } else if (failure.hostSilent()) {
            answers.silent(failure);
        }
    }

    private HostAnswers.Turn awaitTurn(ConnectionKey key, HostAnswers answers, Instant deadline) throws SmtpException {
        int silences = answers.lastSilence().number();
        HostAnswers.Turn turn = turn(key, answers, silences);
        return turn == HostAnswers.Turn.WAIT
                ? waitingRoom.await(
                        () -> turn(key, answers, silences),
                        deadline,
                        () -> new SmtpFailure.NoConnectionFree(key.host()))
                : turn;
    }

    private HostAnswers.Turn turn(ConnectionKey key, HostAnswers answers, int silences) throws SmtpException {
        if (pool.isClosed() || pool.getNumIdle(key) > 0) {
            return HostAnswers.Turn.OPEN;
        }
        int open = open(key);
        HostAnswers.Silence silence = answers.lastSilence();
        if (silence.number() > silences && open == 0) {
            throw new SmtpException(silence.failure());
        }
        return learnedLimits.allowsBeside(key, open) ? answers.turn() : HostAnswers.Turn.WAIT;
    }

    private LeasedConnection borrow(ConnectionKey key) throws SmtpException {
        try {
            return new LeasedConnection(this, key, pool.borrowObject(key));
        } catch (SmtpException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SmtpException(new SmtpFailure.NoConnectionFree(key.host()), e);
        } catch (NoSuchElementException e) {
            throw new SmtpException(new SmtpFailure.NoConnectionFree(key.host()), e);
        } catch (Exception | Error e) {
            if (pool.isClosed()) {
                throw new SmtpException(new SmtpFailure.NotConnected(key.host(), "this server is stopping"), e);
            }
            throw new SmtpException(InternalErrors.at(SmtpStep.CONNECT, key.host(), e, false), e);
        }
    }

    /** A fresh connection; those kept open are closed, since one of them had ended without our knowledge. */
    public LeasedConnection leaseFresh(ConnectionKey key) throws SmtpException {
        LeasedConnection leased = lease(key);
        while (leased.kept()) {
            leased.connection().abort();
            leased.close();
            leased = lease(key);
        }
        return leased;
    }

    /** Whether a connection is open, in use or waiting for a mail: then the host is there. */
    public boolean hasOpen(ConnectionKey key) {
        return open(key) > 0;
    }

    private int open(ConnectionKey key) {
        return pool.getNumActive(key) + pool.getNumIdle(key);
    }

    /** Never throws: whoever waits for the connection's place gets it. */
    void takeBack(ConnectionKey key, SmtpConnection connection) {
        try {
            // one that has served no mail would pass for fresh when it is lent again, however long ago the host ended
            // it
            if (connection.mails() > 0 && limits.allowAnother(connection) && connection.isReusable()) {
                pool.returnObject(key, connection);
            } else {
                discard(key, connection);
            }
        } catch (RuntimeException | Error e) {
            LOGGER.error("A connection to {} cannot be kept", key.host(), e);
            discard(key, connection);
        } finally {
            waitingRoom.tell();
        }
    }

    private void discard(ConnectionKey key, SmtpConnection connection) {
        try {
            pool.invalidateObject(key, connection);
        } catch (Exception | Error e) {
            connection.abort();
            LOGGER.error("A connection to {} cannot be given up in good order", key.host(), e);
        }
    }

    /** Closes the connections that wait, with QUIT as far as the hosts answer soon; those lent are closed on return. */
    @Override
    public void close() {
        pool.close();
        waitingRoom.tell();
        leaveTakings.close();
    }

    private final class Connections extends BaseKeyedPooledObjectFactory<ConnectionKey, SmtpConnection> {
        /** Throws no {@link Error}: the pool would go on counting the connection. */
        @Override
        public SmtpConnection create(ConnectionKey key) throws SmtpException {
            try {
                return open(key);
            } catch (RuntimeException | Error e) {
                throw new SmtpException(InternalErrors.at(SmtpStep.CONNECT, key.host(), e, false), e);
            }
        }

        private SmtpConnection open(ConnectionKey key) throws SmtpException {
            leaveTakings.opens(key);
            boolean created = false;
            try {
                SmtpConnection connection = client.open(key.host(), key.requirement());
                connection.share(knownHosts.get(key.host()));
                if (key.credentials().isPresent()) {
                    authenticate(connection, key.credentials().get());
                }
                created = true;
                return connection;
            } finally {
                if (!created) {
                    leaveTakings.gone(key);
                }
            }
        }

        private void authenticate(SmtpConnection connection, Credentials credentials) throws SmtpException {
            try {
                connection.authenticate(credentials);
            } catch (SmtpException e) {
                connection.close();
                throw e;
            }
        }

        @Override
        public PooledObject<SmtpConnection> wrap(SmtpConnection connection) {
            return new DefaultPooledObject<>(connection);
        }

        @Override
        public boolean validateObject(ConnectionKey key, PooledObject<SmtpConnection> pooled) {
            SmtpConnection connection = pooled.getObject();
            return connection.mails() == 0 || limits.allowAnother(connection) && connection.isReusable();
        }

        @Override
        public void destroyObject(ConnectionKey key, PooledObject<SmtpConnection> pooled) {
            leaveTakings.leave(key, pooled.getObject());
        }
    }
}
