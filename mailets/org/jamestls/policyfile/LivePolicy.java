package org.jamestls.policyfile;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jamestls.policy.PolicyChange;
import org.jamestls.policy.PolicyTable;

/**
 * The policy of one file, followed while the server runs. A daemon thread compares the file's content with what it was,
 * through symbolic links, and takes up a changed file. A file that is rejected, or gone, leaves the policy that runs in
 * force until it is mended. Safe for use by several threads.
 */
public final class LivePolicy implements AutoCloseable {

    /** How long a change of the file waits at most, unless said otherwise. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);

    /** Stands for the digest of a content that could not be read, and so differs from that of any content. */
    private static final String UNREAD = "";

    private final Path file;
    private final Clock clock;
    private final PolicyFileLog log;
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tls-enforcement-policy");
        thread.setDaemon(true);
        return thread;
    });
    private volatile PolicyTable current;
    private volatile PolicyFileState state;
    private String lastDigest;
    private String currentDigest;

    private LivePolicy(Path file, Clock clock) throws PolicyFileException {
        this.file = file;
        this.clock = clock;
        this.log = new PolicyFileLog(file, clock);
        byte[] content = FileContent.MAX_256_MIB.read(file);
        this.current = PolicyFile.parse(file.toString(), content);
        this.currentDigest = FileContent.digest(content);
        this.lastDigest = currentDigest;
        this.state = new PolicyFileState.UpToDate(clock.instant());
        log.opened(current);
    }

    /**
     * Reads a file and follows it, looking every {@link #DEFAULT_INTERVAL}.
     *
     * @throws PolicyFileException when it is rejected, missing or cannot be read
     */
    public static LivePolicy open(Path file) throws PolicyFileException {
        return open(file, DEFAULT_INTERVAL, Clock.systemUTC());
    }

    /**
     * Reads a file and follows it.
     *
     * @param interval how long to wait from look to look, more than zero
     * @throws PolicyFileException when the file is rejected, missing or cannot be read
     */
    public static LivePolicy open(Path file, Duration interval, Clock clock) throws PolicyFileException {
        LivePolicy policy = new LivePolicy(file, clock);
        policy.watcher.scheduleWithFixedDelay(
                policy::refresh, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return policy;
    }

    /** The policy in force. Another instance is another version of it. */
    public PolicyTable current() {
        return current;
    }

    public PolicyFileState state() {
        return state;
    }

    public Path file() {
        return file;
    }

    /** Looks at the file now, and takes it up when it has changed. Never throws. */
    public synchronized PolicyFileState refresh() {
        try {
            look();
        } catch (PolicyFileException e) {
            reject(e.errors());
        } catch (RuntimeException | Error e) { // a look that fails must not be the last
            lastDigest = UNREAD;
            reject(List.of(PolicyFileError.ofWholeFile(file.toString(), "the file cannot be read: " + e)));
        }
        return state;
    }

    private void look() throws PolicyFileException {
        String before = lastDigest;
        lastDigest = UNREAD; // should it be missing now, the errors of its content are to be told anew
        String digest = FileContent.MAX_256_MIB.digest(file);
        if (digest.equals(currentDigest)) {
            restore();
        } else if (digest.equals(before)) {
            lastDigest = before;
            reject(state.errors());
        } else {
            byte[] content = FileContent.MAX_256_MIB.read(file);
            lastDigest = FileContent.digest(content);
            takeUp(PolicyFile.parse(file.toString(), content));
        }
    }

    private void takeUp(PolicyTable table) {
        PolicyChange change = PolicyChange.between(current, table);
        boolean mended = !state.upToDate();
        current = table;
        currentDigest = lastDigest;
        state = new PolicyFileState.UpToDate(clock.instant());
        if (mended) {
            log.mended();
        }
        log.takenUp(change);
    }

    /** The file says again what runs. */
    private void restore() {
        lastDigest = currentDigest;
        if (!state.upToDate()) {
            state = new PolicyFileState.UpToDate(clock.instant());
            log.mended();
        }
    }

    private void reject(List<PolicyFileError> errors) {
        state = new PolicyFileState.Rejected(state.upToDate() ? clock.instant() : state.since(), errors);
        log.rejected(errors);
    }

    /** Stops following the file. What is in force stays readable. */
    @Override
    public void close() {
        watcher.shutdownNow();
    }
}
