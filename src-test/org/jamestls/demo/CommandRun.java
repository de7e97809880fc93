package org.jamestls.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * One command and what came of it.
 *
 * @param title what it shows
 * @param command the jar and its arguments
 * @param exitCode what the shell was told; 0 has to come
 * @param output what it printed
 * @param expected what has to stand in the output
 */
record CommandRun(String title, String command, int exitCode, String output, List<String> expected) {

    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (exitCode != 0) {
            faults.add("the exit code is " + exitCode + ", not 0");
        }
        expected.stream()
                .filter(text -> !output.contains(text))
                .map(text -> "the output does not say '" + text + "'")
                .forEach(faults::add);
        return faults;
    }
}
