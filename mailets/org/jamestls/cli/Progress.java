package org.jamestls.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/** The line that says how far a command is, on a terminal; elsewhere nothing. Safe for use by several threads. */
final class Progress implements AutoCloseable {

    private final boolean shown;
    private final PrintWriter terminal;
    private final int all;
    private int finished;
    private int refused;
    private int length;

    /**
     * @param shown whether somebody watches
     * @param all how many names there are
     */
    Progress(boolean shown, PrintWriter terminal, int all) {
        this.shown = shown;
        this.terminal = terminal;
        this.all = all;
        show();
    }

    /** Whether input and output are a terminal. From Java 22 on there may be a console without one. */
    static boolean onTerminal() {
        return Optional.ofNullable(System.console())
                .filter(Progress::isTerminal)
                .isPresent();
    }

    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true; // before Java 22 a console is a terminal
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    synchronized void finished(boolean notSatisfied) {
        finished++;
        refused += notSatisfied ? 1 : 0;
        show();
    }

    private void show() {
        if (shown) {
            String line = finished + " of " + all + " names, " + refused + " not satisfied";
            terminal.print("\r" + line);
            terminal.flush();
            length = line.length();
        }
    }

    /** Takes the line away. */
    @Override
    public synchronized void close() {
        if (shown) {
            terminal.print("\r" + " ".repeat(length) + "\r");
            terminal.flush();
        }
    }
}
