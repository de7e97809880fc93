package org.jamestls.policyfile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * One {@link LivePolicy} per policy file, shared by all who name that file, however they spell its path. Safe for use by
 * several threads.
 */
public final class PolicyFiles implements AutoCloseable {

    private final Map<Path, LivePolicy> open = new HashMap<>();

    /**
     * The policy of a file, which is read when it is asked for the first time and followed until {@link #close}. Whoever
     * gets it must not close it.
     *
     * @throws PolicyFileException when the file is asked for the first time and is rejected, missing or cannot be read
     */
    public synchronized LivePolicy open(Path file) throws PolicyFileException {
        Path canonical = canonical(file);
        LivePolicy policy = open.get(canonical);
        if (policy == null) {
            policy = LivePolicy.open(file);
            open.put(canonical, policy);
        }
        return policy;
    }

    /**
     * The real directory and the name in it. The name itself is not resolved: it may be a symbolic link that is set to
     * another file while the server runs, as in a Kubernetes volume, and then it is still the same policy file.
     */
    private static Path canonical(Path file) {
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        if (directory == null) {
            return absolute;
        }
        try {
            return directory.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            return absolute; // without its directory the file is missing, which opening it tells
        }
    }

    /** Stops following every file. */
    @Override
    public synchronized void close() {
        open.values().forEach(LivePolicy::close);
        open.clear();
    }
}
