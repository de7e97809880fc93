package org.jamestls.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;
import org.jamestls.policyfile.PolicyFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.TypeConversionException;

/** The command line, {@code java -jar james-tls-enforcement-cli.jar}. */
@Command(
        name = "java -jar james-tls-enforcement-cli.jar",
        description = "Checks, explains and rehearses the TLS policy of outbound mail.",
        mixinStandardHelpOptions = true,
        versionProvider = JarVersion.class,
        subcommands = {
            CheckCommand.class,
            ExplainCommand.class,
            ProbeCommand.class,
            ImportCommand.class,
            HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is fine",
            "1:something would not be delivered, or there is a warning under --strict",
            "2:wrong usage, or a file cannot be read or is rejected"
        },
        commandListHeading = "%nCommands:%n")
public final class TlsEnforcementCommand {

    private static final int HELP_WIDTH = 100;

    private TlsEnforcementCommand() {}

    /** Runs a command and ends the virtual machine with its exit code. */
    public static void main(String[] args) {
        CommandLine commandLine = commandLine()
                .setOut(new PrintWriter(System.out, false, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        int exitCode = commandLine.execute(args);
        commandLine.getOut().flush();
        System.exit(exitCode);
    }

    /** The commands, to be executed with arguments. Output is plain text, without colours. */
    public static CommandLine commandLine() {
        return new CommandLine(new TlsEnforcementCommand())
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setExpandAtFiles(false)
                .setTrimQuotes(false)
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, TlsEnforcementCommand::path)
                .setParameterExceptionHandler(TlsEnforcementCommand::tellWrongUsage)
                .setExecutionExceptionHandler(TlsEnforcementCommand::tellFailure);
    }

    private static Path path(String written) {
        try {
            return Path.of(written);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + PeerText.clean(written) + "' cannot be the name of a file");
        }
    }

    private static int tellWrongUsage(CommandLine.ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(PeerText.clean(e.getMessage()));
        command.getErr()
                .println("Write '" + command.getCommandSpec().qualifiedName() + " --help' for what is possible.");
        command.getErr().flush();
        return ExitCode.WRONG_USAGE;
    }

    private static int tellFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println(message(e));
        command.getErr().flush();
        return ExitCode.WRONG_USAGE;
    }

    private static String message(Exception e) {
        if (e instanceof PolicyFileException
                || e instanceof InvalidValueException
                || e instanceof UnusableInputException) {
            return e.getMessage();
        }
        if (e instanceof UncheckedIOException) {
            return "input or output failed: " + PeerText.clean(String.valueOf(e.getMessage()));
        }
        return "internal error, please report it: " + PeerText.clean(e.toString());
    }
}
