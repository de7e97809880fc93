package org.jamestls.certificate;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trusted roots of files, followed while the server runs. A daemon thread compares what the files hold with what they
 * held, through symbolic links. Files that are missing or hold no roots leave those from before in force until they are
 * mended. The platform's roots are followed by nobody. Safe for use by several threads.
 */
public final class LiveRoots implements AutoCloseable {

    /** How long a change of a file waits at most. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Logger LOGGER = LoggerFactory.getLogger(LiveRoots.class);

    private final RootFiles source;
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tls-enforcement-roots");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Version current;
    private String lastDigest;
    private boolean rejected;

    /**
     * The roots between two changes.
     *
     * @param number counts the changes; what was verified under one number was not under another
     * @param roots the roots
     */
    public record Version(int number, TrustedRoots roots) {}

    private LiveRoots(RootFiles source) {
        this.source = source;
        this.lastDigest = source.digest();
        this.current = new Version(0, source.load());
    }

    /**
     * Reads the roots and follows them.
     *
     * @throws org.jamestls.policy.InvalidValueException when a file cannot be read or holds no certificate
     */
    public static LiveRoots open(RootFiles source) {
        LiveRoots roots = new LiveRoots(source);
        if (!source.files().isEmpty()) {
            roots.watcher.scheduleWithFixedDelay(
                    roots::refresh, INTERVAL.toNanos(), INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        }
        return roots;
    }

    /** The roots in force. */
    public Version current() {
        return current;
    }

    /** Looks at the files now, and takes them up when they have changed. Never throws. */
    public synchronized void refresh() {
        try {
            String digest = source.digest();
            if (!digest.equals(lastDigest)) {
                lastDigest = digest;
                takeUp(source.load());
            }
        } catch (RuntimeException | Error e) {
            rejected = true;
            LOGGER.error(
                    "Trusted roots of {} are rejected; those from before stay in force until they are mended: {}",
                    source.files(),
                    e.getMessage());
        }
    }

    private void takeUp(TrustedRoots roots) {
        boolean same = roots.certificates().equals(current.roots().certificates());
        if (rejected) {
            rejected = false;
            LOGGER.warn("Trusted roots of {} are mended: they are in force again", source.files());
        }
        if (!same) {
            LOGGER.info(
                    "Trusted roots of {} taken up: {} now, {} before",
                    source.files(),
                    roots.size(),
                    current.roots().size());
            current = new Version(current.number() + 1, roots);
        }
    }

    /** Stops following the files. What is in force stays readable. */
    @Override
    public void close() {
        watcher.shutdownNow();
    }
}
