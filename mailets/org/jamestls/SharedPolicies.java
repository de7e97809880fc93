package org.jamestls;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.metrics.api.GaugeRegistry;
import org.jamestls.certificate.LiveRoots;
import org.jamestls.certificate.RootFiles;
import org.jamestls.delivery.InvalidParameterException;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policyfile.LivePolicy;
import org.jamestls.policyfile.PolicyFileException;
import org.jamestls.policyfile.PolicyFiles;

/**
 * The policy files and trusted roots in use: matcher and mailet that name the same file share it. While a changed file is rejected, or
 * gone, the gauge {@value #REJECTED_GAUGE}, followed by where the file is, is 1, else 0.
 */
@Singleton
public class SharedPolicies {

    static final String REJECTED_GAUGE = "tlsEnforcementPolicyRejected";

    private final FileSystem fileSystem;
    private final GaugeRegistry gauges;
    private final Set<LivePolicy> watched = ConcurrentHashMap.newKeySet();
    private final PolicyFiles files = new PolicyFiles();
    private final Map<RootFiles, LiveRoots> roots = new ConcurrentHashMap<>();

    @Inject
    public SharedPolicies(FileSystem fileSystem, GaugeRegistry gauges) {
        this.fileSystem = fileSystem;
        this.gauges = gauges;
    }

    /**
     * The policy of a file, kept up to date.
     *
     * @param url where the file is, such as {@code file://conf/tls-enforcement.xml}
     * @throws InvalidParameterException when the file is missing or rejected; mail must not flow then
     */
    public LivePolicy open(String url) throws InvalidParameterException {
        try {
            LivePolicy policy = files.open(file(url).toPath());
            if (watched.add(policy)) {
                gauges.register(
                        REJECTED_GAUGE + "." + location(url),
                        () -> policy.state().upToDate() ? 0 : 1);
            }
            return policy;
        } catch (IOException | PolicyFileException e) {
            throw new InvalidParameterException("the policy file " + url + " cannot be used: " + e.getMessage());
        }
    }

    /**
     * The roots of strong validation, kept up to date; those who name the same files share them.
     *
     * @param url a PEM file or key store; empty for the JDK's roots
     * @param additional one with roots besides
     * @throws InvalidParameterException when a file holds no usable root
     */
    public LiveRoots trustedRoots(Optional<String> url, Optional<String> additional) throws InvalidParameterException {
        try {
            return roots.computeIfAbsent(new RootFiles(path(url), path(additional)), LiveRoots::open);
        } catch (IOException | InvalidValueException e) {
            throw new InvalidParameterException(
                    (additional.isPresent() ? "trustedRoots or additionalRoots: " : "trustedRoots: ") + e.getMessage());
        }
    }

    /** A policy's place as part of a metric's name, in which a colon is Prometheus's own and slashes are of no use. */
    private static String location(String url) {
        return url.replaceFirst("^[a-z]+:/+", "").replaceAll("[^A-Za-z0-9._-]+", ".");
    }

    private Optional<Path> path(Optional<String> url) throws IOException {
        return url.isPresent() ? Optional.of(file(url.get()).toPath()) : Optional.empty();
    }

    private File file(String url) throws IOException {
        return fileSystem.getFile(url);
    }
}
