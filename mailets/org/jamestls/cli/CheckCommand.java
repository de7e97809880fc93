package org.jamestls.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code check}: every error of policy files, and what their authors may not have meant. */
@Command(
        name = "check",
        description = {
            "Reads policy files as the server does and prints every error as FILE:LINE:COLUMN: MESSAGE.",
            "Of a file without errors it prints what is allowed and yet rarely meant, as warnings."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every file is accepted",
            "1:every file is accepted, but there is a warning and --strict is given",
            "2:a file is rejected or cannot be read, or wrong usage"
        })
final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Policy files.")
    private List<Path> files;

    @Option(names = "--strict", description = "A warning counts: the exit code is 1.")
    private boolean strict;

    @Override
    public Integer call() {
        List<CheckedFile> checked = files.stream().map(CheckedFile::check).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (common.json()) {
            out.println(Json.write(checked.stream().map(CheckedFile::json).toList()));
        } else {
            checked.stream().flatMap(CheckedFile::lines).forEach(out::println);
        }
        out.flush();
        return checked.stream().mapToInt(file -> file.exitCode(strict)).max().orElse(ExitCode.FINE);
    }
}
