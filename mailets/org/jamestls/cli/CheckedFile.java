package org.jamestls.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jamestls.policyfile.PolicyFile;
import org.jamestls.policyfile.PolicyFileError;
import org.jamestls.policyfile.PolicyFileException;

/**
 * What a check found in one file.
 *
 * @param file the file, as it was named
 * @param errors why it is rejected; empty when it is accepted
 * @param warnings what may not be meant in an accepted file
 * @param domains how many entries an accepted file has
 */
record CheckedFile(String file, List<PolicyFileError> errors, List<Warning> warnings, int domains) {

    static CheckedFile check(Path file) {
        try {
            var policies = PolicyFile.readLocated(file);
            return new CheckedFile(
                    file.toString(),
                    List.of(),
                    PolicyWarnings.of(policies),
                    policies.table().policies().size());
        } catch (PolicyFileException e) {
            return new CheckedFile(file.toString(), e.errors(), List.of(), 0);
        }
    }

    int exitCode(boolean strict) {
        if (!errors.isEmpty()) {
            return ExitCode.WRONG_USAGE;
        }
        return strict && !warnings.isEmpty() ? ExitCode.NOT_FINE : ExitCode.FINE;
    }

    Stream<String> lines() {
        if (errors.isEmpty() && warnings.isEmpty()) {
            return Stream.of(file + ": fine, " + domains + (domains == 1 ? " domain" : " domains"));
        }
        return Stream.concat(
                errors.stream().map(PolicyFileError::toString),
                warnings.stream().map(warning -> warning.in(file)));
    }

    Json json() {
        return new Json()
                .put("file", file)
                .put(
                        "errors",
                        errors.stream()
                                .map(error -> finding(error.line(), error.column(), error.message()))
                                .toList())
                .put(
                        "warnings",
                        warnings.stream()
                                .map(warning -> finding(
                                        warning.position().line(),
                                        warning.position().column(),
                                        warning.message()))
                                .toList());
    }

    private static Json finding(int line, int column, String message) {
        return new Json().put("line", line).put("column", column).put("message", message);
    }
}
