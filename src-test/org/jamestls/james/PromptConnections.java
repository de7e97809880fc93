package org.jamestls.james;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import javax.jms.Destination;
import javax.jms.JMSException;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.command.SessionId;
import org.apache.activemq.management.JMSStatsImpl;
import org.apache.activemq.transport.Transport;

/**
 * Connections on which nobody waits for long with a selector. James tells only when it begins to wait, every 10 seconds,
 * which delayed mails are due; so that tests of retries would last ten times as long.
 */
final class PromptConnections extends ActiveMQConnectionFactory {

    private static final long LONGEST_WAIT_MILLIS = 100;

    PromptConnections(String broker) {
        super("vm://" + broker + "?create=false");
    }

    @Override
    protected ActiveMQConnection createActiveMQConnection(Transport transport, JMSStatsImpl statistics)
            throws Exception {
        return new PromptConnection(transport, statistics);
    }

    private final class PromptConnection extends ActiveMQConnection {
        private PromptConnection(Transport transport, JMSStatsImpl statistics) throws Exception {
            super(transport, getClientIdGenerator(), getConnectionIdGenerator(), statistics);
        }

        @Override
        public Session createSession(boolean transacted, int acknowledgeMode) throws JMSException {
            checkClosedOrFailed();
            ensureConnectionInfoSent();
            return new PromptSession(
                    this, getNextSessionId(), transacted ? Session.SESSION_TRANSACTED : acknowledgeMode);
        }
    }

    private static final class PromptSession extends ActiveMQSession {
        private PromptSession(PromptConnection connection, SessionId id, int acknowledgeMode) throws JMSException {
            super(connection, id, acknowledgeMode, connection.isDispatchAsync(), connection.isAlwaysSessionAsync());
        }

        @Override
        public MessageConsumer createConsumer(Destination destination, String selector) throws JMSException {
            MessageConsumer consumer = super.createConsumer(destination, selector);
            return selector == null ? consumer : prompt(consumer);
        }
    }

    private static MessageConsumer prompt(MessageConsumer consumer) {
        return (MessageConsumer) Proxy.newProxyInstance(
                MessageConsumer.class.getClassLoader(),
                new Class<?>[] {MessageConsumer.class},
                (any, method, given) -> {
                    boolean waits = method.getName().equals("receive") && given != null;
                    try {
                        return method.invoke(
                                consumer,
                                waits ? new Object[] {Math.min((long) given[0], LONGEST_WAIT_MILLIS)} : given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
