package org.jamestls.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jamestls.policyfile.LocatedPolicies;
import org.jamestls.policyfile.PolicyFile;
import org.jamestls.policyfile.PolicyFileException;
import picocli.CommandLine.Option;

/** Which policy file a command reads. */
final class PolicyOption {

    /** Where the mailet looks too, from James's working directory. */
    static final Path DEFAULT = Path.of("conf", "tls-enforcement.xml");

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            converter = FileArgument.class,
            description = "The policy file; conf/tls-enforcement.xml without this option, as in James.")
    private Path file;

    /** Whether the file was named. */
    boolean given() {
        return file != null;
    }

    /**
     * Reads the file.
     *
     * @throws PolicyFileException when it is missing, cannot be read or is rejected
     */
    LocatedPolicies read() throws PolicyFileException {
        return PolicyFile.readLocated(given() ? file : DEFAULT);
    }

    /** Whether there is a file to read: one that was named, or the default one. */
    boolean available() {
        return given() || Files.exists(DEFAULT);
    }

    /** Reads the file named, or the default one where it exists. */
    Optional<LocatedPolicies> readIfAny() throws PolicyFileException {
        return available() ? Optional.of(read()) : Optional.empty();
    }
}
