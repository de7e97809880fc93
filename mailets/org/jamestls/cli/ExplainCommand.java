package org.jamestls.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jamestls.policyfile.LocatedPolicies;
import org.jamestls.policyfile.PolicyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code explain}: what a policy file decides about domains and mail addresses. */
@Command(
        name = "explain",
        description = {
            "Says what the policy file decides about domains or mail addresses: enforced or not, by which entry, every"
                    + " setting in force with the line that it comes from, and the route. Nothing is asked of the"
                    + " network.",
            "With --policy and without names, every domain of the file is explained."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every name is explained",
            "1:a name is neither domain nor address, so that no mail is ever sent to it",
            "2:the policy file is rejected or a file cannot be read, or wrong usage"
        })
final class ExplainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private PolicyOption policy;

    @Mixin
    private NamesOptions names;

    @Override
    public Integer call() throws PolicyFileException, UnusableInputException {
        names.requireOr(policy, spec);
        LocatedPolicies policies = policy.read();
        List<Explanation> explanations = Explanation.of(names.subjectsOr(policies), policies);
        PrintWriter out = spec.commandLine().getOut();
        if (common.json()) {
            out.println(Json.write(explanations.stream().map(Explanation::json).toList()));
        } else {
            print(explanations, out);
        }
        out.flush();
        return explanations.stream().allMatch(Explanation::deliverable) ? ExitCode.FINE : ExitCode.NOT_FINE;
    }

    private static void print(List<Explanation> explanations, PrintWriter out) {
        String separator = "";
        for (Explanation explanation : explanations) {
            out.print(separator);
            explanation.lines().forEach(out::println);
            separator = System.lineSeparator();
        }
    }
}
