package org.jamestls.policy;

import java.util.regex.Pattern;

/**
 * Text of strangers in a log line, such that it can be taken for nothing else: no line break, terminal control or direction
 * mark gets through, and no text ends its quote. What {@link PeerText} cleaned stays as it is, but for quotes.
 */
public final class LogText {

    /** What stands without quotes where one word is meant. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._:@/+\\[\\]-]+");

    private static final char QUOTE = '"';

    private LogText() {}

    /** Whether a text is printable ASCII alone, so that {@link #printable} changes nothing. */
    public static boolean isPrintable(String text) {
        return text.chars().allMatch(LogText::isPrintable);
    }

    /** Everything but printable ASCII as {@code \}{@code uXXXX}. */
    public static String printable(String text) {
        if (isPrintable(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPrintable(c)) {
                shown.append(c);
            } else {
                escape(shown, c);
            }
        }
        return shown.toString();
    }

    /** The text between double quotes; one in it is {@code \}{@code u0022}. */
    public static String quoted(String text) {
        StringBuilder shown = new StringBuilder().append(QUOTE);
        String printable = printable(text);
        for (int i = 0; i < printable.length(); i++) {
            char c = printable.charAt(i);
            if (c == QUOTE) {
                escape(shown, c);
            } else {
                shown.append(c);
            }
        }
        return shown.append(QUOTE).toString();
    }

    /** The text as it is when it is one word, such as a name, a number or an address; else {@link #quoted}. */
    public static String word(String text) {
        return WORD.matcher(text).matches() ? text : quoted(text);
    }

    private static boolean isPrintable(int c) {
        return c >= ' ' && c <= '~';
    }

    private static void escape(StringBuilder shown, char c) {
        shown.append(String.format("\\u%04x", (int) c));
    }
}
