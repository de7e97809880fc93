package org.jamestls.cli;

import picocli.CommandLine.Option;

/** What every command has. */
final class CommonOptions {

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    boolean json() {
        return json;
    }
}
