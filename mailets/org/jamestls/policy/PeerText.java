package org.jamestls.policy;

/** Text that a peer or a file supplied, made safe to show in logs, bounces and messages. */
public final class PeerText {

    /** The longest text shown, in characters, the mark of a cut included. */
    public static final int MAX_LENGTH = 256;

    private static final String CUT = "...";

    private PeerText() {}

    /**
     * Escapes everything but printable ASCII as {@code \}{@code uXXXX} (a backslash is doubled) and cuts the result to
     * {@value #MAX_LENGTH} characters, so that no line break, terminal control or direction mark gets through.
     */
    public static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < text.length() && clean.length() <= MAX_LENGTH; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                clean.append("\\\\");
            } else if (c >= ' ' && c <= '~') {
                clean.append(c);
            } else {
                clean.append(String.format("\\u%04x", (int) c));
            }
        }
        if (clean.length() > MAX_LENGTH) {
            clean.setLength(MAX_LENGTH - CUT.length());
            clean.append(CUT);
        }
        return clean.toString();
    }
}
