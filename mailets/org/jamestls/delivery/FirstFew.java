package org.jamestls.delivery;

import java.util.List;

/** Lists for people and logs that stay short, however many others make the list long. */
final class FirstFew {

    private static final String CUT = "...";

    private FirstFew() {}

    /** The first items with commas, and how many more there are: {@code a, b, c and 17 more}. */
    static String of(List<String> items, int most) {
        return String.join(", ", items.subList(0, Math.min(most, items.size())))
                + (items.size() > most ? " and " + (items.size() - most) + " more" : "");
    }

    /** The first characters of a text; that there were more is said within the length. */
    static String characters(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - CUT.length()) + CUT;
    }
}
