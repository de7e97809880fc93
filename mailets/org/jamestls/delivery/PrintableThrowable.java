package org.jamestls.delivery;

import org.jamestls.policy.LogText;

/** Stands in the log for something thrown of which a message, or that of a cause, is not fit to be shown as it is. */
final class PrintableThrowable extends Throwable {

    private static final long serialVersionUID = 1L;

    /** How far causes of causes are shown; their chain may be a ring. */
    private static final int DEEPEST = 20;

    private PrintableThrowable(Throwable thrown, int depth) {
        super(LogText.printable(String.valueOf(thrown)), cause(thrown, depth));
        setStackTrace(thrown.getStackTrace());
        if (depth < DEEPEST) {
            for (Throwable suppressed : thrown.getSuppressed()) {
                addSuppressed(new PrintableThrowable(suppressed, depth + 1));
            }
        }
    }

    private static Throwable cause(Throwable thrown, int depth) {
        return thrown.getCause() == null || depth == DEEPEST
                ? null
                : new PrintableThrowable(thrown.getCause(), depth + 1);
    }

    /** What was thrown itself where all of its messages are printable. */
    static Throwable of(Throwable thrown) {
        return isPrintable(thrown, 0) ? thrown : new PrintableThrowable(thrown, 0);
    }

    private static boolean isPrintable(Throwable thrown, int depth) {
        if (thrown == null || depth > DEEPEST) {
            return true;
        }
        boolean printable = LogText.isPrintable(String.valueOf(thrown)) && isPrintable(thrown.getCause(), depth + 1);
        for (Throwable suppressed : thrown.getSuppressed()) {
            printable &= isPrintable(suppressed, depth + 1);
        }
        return printable;
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
