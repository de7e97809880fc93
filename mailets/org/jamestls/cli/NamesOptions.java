package org.jamestls.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jamestls.policy.PeerText;
import org.jamestls.policyfile.LocatedPolicies;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The names that a command is asked about, from the command line, a file or standard input. */
final class NamesOptions {

    private static final String STANDARD_INPUT = "-";
    private static final String BYTE_ORDER_MARK = "\ufeff";

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "Domains or mail addresses; '-' stands for those of standard input, one on a line.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--names",
            paramLabel = "FILE",
            description = "A file of names, one on a line, in UTF-8; '-' for standard input. Empty lines and lines that"
                    + " begin with '#' are passed over.")
    private List<String> files = new ArrayList<>();

    /**
     * Makes sure that there is something to ask about: names, or all of a policy file.
     *
     * @throws ParameterException when there is neither
     */
    void requireOr(PolicyOption policy, CommandSpec spec) {
        if (!given() && !policy.available()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "No name is given, and there is no " + PolicyOption.DEFAULT
                            + "; write one name or more, '-' for standard input, or --policy FILE");
        }
    }

    private boolean given() {
        return !names.isEmpty() || !files.isEmpty();
    }

    /**
     * The names, or the domains of the policy file where none was given.
     *
     * @throws UnusableInputException when a file or standard input cannot be read
     */
    List<Subject> subjectsOr(LocatedPolicies policies) throws UnusableInputException {
        return given()
                ? subjects()
                : policies.table().policies().stream()
                        .map(policy -> Subject.of(policy.domain().text()))
                        .toList();
    }

    /**
     * The names, in the order given.
     *
     * @throws UnusableInputException when a file or standard input cannot be read
     */
    List<Subject> subjects() throws UnusableInputException {
        List<Subject> subjects = new ArrayList<>();
        for (String name : names) {
            if (name.equals(STANDARD_INPUT)) {
                lines(read(STANDARD_INPUT)).forEach(subjects::add);
            } else {
                subjects.add(Subject.of(name));
            }
        }
        for (String file : files) {
            lines(read(file)).forEach(subjects::add);
        }
        return subjects;
    }

    private static Stream<Subject> lines(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(Subject::of);
    }

    private static String read(String file) throws UnusableInputException {
        try {
            byte[] content = file.equals(STANDARD_INPUT) ? standardInput() : Files.readAllBytes(Path.of(file));
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UnusableInputException(PeerText.clean(file) + " is not UTF-8; save it in UTF-8");
        } catch (IOException | RuntimeException e) { // an impossible path is a RuntimeException
            throw new UnusableInputException(InputFailure.message(file, e));
        }
    }

    private static byte[] standardInput() throws IOException {
        InputStream in = System.in;
        return in.readAllBytes();
    }
}
