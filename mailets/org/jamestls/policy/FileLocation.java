package org.jamestls.policy;

import java.util.regex.Pattern;

/**
 * Where an operator says that a file is: a path, or the same as one of James's URLs, in which {@code file://conf/x} is the
 * file {@code conf/x} of the working directory, and {@code file:///x} the file {@code /x}.
 */
public final class FileLocation {

    private static final String FILE = "file://";

    /** Of two letters and more: one alone, and a colon, is a drive. */
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    private FileLocation() {}

    /** The location as James wants it. What is a URL stays. */
    public static String url(String written) {
        return SCHEME.matcher(written).matches() ? written : FILE + written;
    }

    /** The location as the file system wants it. Another URL than one of a file stays. */
    public static String path(String written) {
        return written.startsWith(FILE) ? written.substring(FILE.length()) : written;
    }
}
