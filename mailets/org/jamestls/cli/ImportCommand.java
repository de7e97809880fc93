package org.jamestls.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code import}: a CSV file to a policy file. */
@Command(
        name = "import",
        description = {
            "Turns a CSV file into a policy file. The columns are: domain, validation, route, trusted names, exclusions, mode,"
                    + " mail hosts; all but the first may be empty. Several names in a cell are separated by semicolons. A first"
                    + " line may name the columns.",
            "A file with a wrong line gives no policy file; each wrong line is told as FILE:LINE: MESSAGE."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the policy file is written", "2:a line is wrong, a file cannot be used, or wrong usage"})
final class ImportCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "CSV", description = "The CSV file, in UTF-8; '-' for standard input.")
    private Path csv;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The policy file to write, which must not exist yet; standard output without this option.")
    private Path output;

    @Override
    public Integer call() throws UnusableInputException {
        CsvPolicies policies = CsvPolicies.read(content());
        boolean right = policies.errors().isEmpty();
        String xml = PolicyXml.file(policies.policies());
        if (right && output != null) {
            write(xml);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (common.json()) {
            out.println(Json.write(new Json()
                    .put("file", csv)
                    .put("domains", policies.policies().size())
                    .put(
                            "errors",
                            policies.errors().stream().map(CsvError::json).toList())
                    .put("output", output)
                    .put("policy", right && output == null ? xml : null)));
        } else if (!right) {
            policies.errors().forEach(error -> spec.commandLine().getErr().println(error.in(csv.toString())));
        } else if (output == null) {
            out.print(xml);
        } else {
            out.println(output + ": " + policies.policies().size() + " domains");
        }
        out.flush();
        spec.commandLine().getErr().flush();
        return right ? ExitCode.FINE : ExitCode.WRONG_USAGE;
    }

    private byte[] content() throws UnusableInputException {
        try {
            return csv.toString().equals(STANDARD_INPUT) ? System.in.readAllBytes() : Files.readAllBytes(csv);
        } catch (IOException e) {
            throw new UnusableInputException(InputFailure.message(csv.toString(), e));
        }
    }

    private void write(String xml) throws UnusableInputException {
        try {
            Files.write(output, xml.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new UnusableInputException(InputFailure.message(output.toString(), e));
        }
    }
}
