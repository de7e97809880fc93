package org.jamestls.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of the jar, as its manifest says. */
final class JarVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(JarVersion.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
        return new String[] {"james-tls-enforcement " + version};
    }
}
