package org.jamestls.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The child's end of a {@link ChildJvm}: obeys the commands on standard input until it ends. */
final class Commands {

    static final String ANSWER = "= ";
    static final String FAILURE = "! ";

    /** What a command does with the rest of its line. */
    @FunctionalInterface
    interface Command {
        Figures run(String argument) throws Exception;
    }

    private Commands() {}

    static void serve(Map<String, Command> commands) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // nothing else may speak between the answers
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 2);
            answers.println(answer(commands.get(words[0]), words.length > 1 ? words[1] : ""));
            answers.flush();
        }
        System.exit(0);
    }

    private static String answer(Command command, String argument) {
        try {
            return ANSWER + command.run(argument).line();
        } catch (Exception e) {
            e.printStackTrace();
            return FAILURE + e;
        }
    }
}
