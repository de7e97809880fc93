package org.jamestls.cli;

/**
 * Why a line of a CSV file is no policy.
 *
 * @param line the line, from 1
 * @param message what was found and what to write instead
 */
record CsvError(long line, String message) {

    String in(String file) {
        return file + ":" + line + ": " + message;
    }

    Json json() {
        return new Json().put("line", line).put("message", message);
    }
}
