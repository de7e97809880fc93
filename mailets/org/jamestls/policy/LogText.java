package org.jamestls.policy;

import java.util.BitSet;

/**
 * Text of strangers in a log line, such that it can be taken for nothing else: no line break, terminal control or direction
 * mark gets through, and no text ends its quote. What {@link PeerText} cleaned stays as it is, but for quotes.
 */
public final class LogText {

    /** What stands without quotes where one word is meant. */
    private static final BitSet OF_WORDS =
            characters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@/+-[]");

    private static final char QUOTE = '"';

    private LogText() {}

    private static BitSet characters(String these) {
        BitSet characters = new BitSet();
        these.chars().forEach(characters::set);
        return characters;
    }

    /** Whether a text is printable ASCII alone, so that {@link #printable} changes nothing. */
    public static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPrintable(text.charAt(i))) {
                return false;
            }
        }
        return true;
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
        String printable = printable(text);
        StringBuilder shown = new StringBuilder(printable.length() + 2).append(QUOTE);
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
        return isWord(text) ? text : quoted(text);
    }

    private static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!OF_WORDS.get(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isPrintable(int c) {
        return c >= ' ' && c <= '~';
    }

    private static void escape(StringBuilder shown, char c) {
        shown.append(String.format("\\u%04x", (int) c));
    }
}
