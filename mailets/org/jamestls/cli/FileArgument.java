package org.jamestls.cli;

import java.nio.file.Path;
import org.jamestls.policy.FileLocation;
import picocli.CommandLine.ITypeConverter;

/** A file on the command line, by its path or as the mailet's configuration names it. */
final class FileArgument implements ITypeConverter<Path> {

    @Override
    public Path convert(String written) {
        return Path.of(FileLocation.path(written));
    }
}
