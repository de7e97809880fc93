package org.jamestls.cli;

import org.jamestls.policyfile.Position;

/**
 * Something in an accepted policy file that its author may not have meant.
 *
 * @param position where it stands
 * @param message what it means and what to write instead
 */
record Warning(Position position, String message) {

    String in(String file) {
        return file + ":" + position + ": warning: " + message;
    }
}
