package org.jamestls.cli;

/** What a command tells the shell. */
final class ExitCode {

    /** All is fine. */
    static final int FINE = 0;

    /** Something would not be delivered, or there is a warning and warnings count. */
    static final int NOT_FINE = 1;

    /** The command was used wrongly, or a file cannot be read or is rejected. */
    static final int WRONG_USAGE = 2;

    private ExitCode() {}
}
