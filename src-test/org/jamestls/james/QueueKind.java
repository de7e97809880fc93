package org.jamestls.james;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** Which of James's mail queues a test runs on. */
public enum QueueKind {

    /** Forgets everything with the process; an item that is given back comes again at once, however often. */
    MEMORY("org.apache.james.queue.memory.MemoryMailQueueFactory") {
        @Override
        JamesQueues start(Path directory) {
            return new MemoryQueues();
        }
    },

    /** James's ActiveMQ: an embedded broker with files on disk. */
    ACTIVEMQ("org.apache.james.queue.activemq.ActiveMQMailQueueFactory") {
        @Override
        JamesQueues start(Path directory) throws Exception {
            return new ActiveMqQueues(directory);
        }
    };

    /** What a test is skipped with that needs a queue which this James does not have. */
    public static final String NOT_HERE = "this James comes without ";

    private final String factory;

    QueueKind(String factory) {
        this.factory = factory;
    }

    /** Starts queues that keep their files in a directory, or finds again what is there; a test is skipped without them. */
    public TestQueues open(Path directory) throws Exception {
        assumeTrue(isHere(), NOT_HERE + factory);
        return new TestQueues(start(directory));
    }

    abstract JamesQueues start(Path directory) throws Exception;

    /** Whether the James of this class path has such queues. */
    public boolean isHere() {
        return QueueKind.class.getClassLoader().getResource(factory.replace('.', '/') + ".class") != null;
    }
}
