package org.jamestls.policyfile;

/**
 * One reason why a policy file is rejected.
 *
 * @param file the file, as the operator names it
 * @param line the line, from 1; 0 when the file as a whole is at fault
 * @param column the column, from 1, in UTF-16 characters; 0 when the file as a whole is at fault. It is where the
 *     element, the attribute or the text at fault starts; of malformed XML, where the reader stopped
 * @param message what was found and what to write instead
 */
public record PolicyFileError(String file, int line, int column, String message) {

    /** An error of the file as a whole. */
    static PolicyFileError ofWholeFile(String file, String message) {
        return new PolicyFileError(file, 0, 0, message);
    }

    /** {@code file:line:column: message}, or {@code file: message} when the file as a whole is at fault. */
    @Override
    public String toString() {
        return line == 0 ? file + ": " + message : file + ":" + line + ":" + column + ": " + message;
    }
}
