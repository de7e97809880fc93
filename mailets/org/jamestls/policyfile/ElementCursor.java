package org.jamestls.policyfile;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;

/**
 * Reads a document element by element, and tells what is wrong on the way. It stands at a start tag, or before the root;
 * whoever reads an element leaves the cursor at its end tag.
 */
final class ElementCursor {

    /** The longest value, in characters, white space included; names have 253 at most. */
    static final int MAX_VALUE_LENGTH = 4096;

    /** The deepest element, the root being the first; the policy file needs four. */
    static final int MAX_DEPTH = 100;

    private static final Pattern WHITE_SPACE = Pattern.compile("[ \t\r\n]+");

    private final XMLStreamReader xml;
    private final FaultCollector faults;
    private int tag;
    private int depth;
    private int tagBeforeStrayText = -1;

    ElementCursor(XMLStreamReader xml, FaultCollector faults) {
        this.xml = xml;
        this.faults = faults;
    }

    private int next() throws XMLStreamException {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
            tag++;
            if (++depth > MAX_DEPTH) {
                throw new XMLStreamException("elements are nested more than " + MAX_DEPTH + " deep", xml.getLocation());
            }
        } else if (event == XMLStreamConstants.END_ELEMENT) {
            tag++;
            depth--;
        }
        return event;
    }

    /** Goes on to the next element inside the current one; false at the end of the current one. */
    boolean nextChild() throws XMLStreamException {
        while (true) {
            switch (next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT, XMLStreamConstants.END_DOCUMENT -> {
                    return false;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> tellStrayText();
                default -> {} // comments, processing instructions
            }
        }
    }

    private void tellStrayText() {
        if (!xml.isWhiteSpace() && tagBeforeStrayText != tag) {
            tagBeforeStrayText = tag;
            faults.add(
                    new Place.TextAfter(tag),
                    "text '" + PeerText.clean(xml.getText().trim())
                            + "' stands where only elements may; remove it, or put it inside an element");
        }
    }

    /** The name of the element at whose start tag the cursor stands. */
    String name() {
        return xml.getLocalName();
    }

    Place place() {
        return new Place.Tag(tag);
    }

    /** How many tags have been read, this one included. */
    int tagsRead() {
        return tag;
    }

    void tell(String message) {
        tell(place(), message);
    }

    void tell(Place place, String message) {
        faults.add(place, message);
    }

    /** Passes over the current element and all that is in it. */
    void skip() throws XMLStreamException {
        int outside = depth - 1;
        while (depth > outside) {
            next();
        }
    }

    /** Tells every attribute of the current element that it may not have. */
    void allowAttributes(Set<String> allowed) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            String attribute = attributeName(i);
            if (!allowed.contains(attribute)) {
                faults.add(
                        new Place.Attribute(tag, attribute),
                        "unknown attribute " + PeerText.clean(attribute) + " of <" + name() + ">; "
                                + (allowed.isEmpty()
                                        ? "it has none: remove it"
                                        : "write " + String.join(" or ", new TreeSet<>(allowed))));
            }
        }
    }

    private String attributeName(int i) {
        String prefix = xml.getAttributePrefix(i);
        return prefix == null || prefix.isEmpty()
                ? xml.getAttributeLocalName(i)
                : prefix + ":" + xml.getAttributeLocalName(i);
    }

    /** The value of an attribute of the current element that must be there; empty when it is wrong, which is told. */
    <T> Optional<T> attribute(String attribute, String example, Function<String, T> parser) {
        String written = xml.getAttributeValue(null, attribute);
        if (written == null) {
            tell("<" + name() + "> has no " + attribute + "; write <" + name() + " " + attribute + "=\"" + example
                    + "\">");
            return Optional.empty();
        }
        if (written.isBlank()) {
            faults.add(
                    new Place.Attribute(tag, attribute),
                    "the " + attribute + " of <" + name() + "> is empty; write one such as " + example);
            return Optional.empty();
        }
        return parsed(written, new Place.Attribute(tag, attribute), parser);
    }

    /** Reads the current element, whose content is one value. */
    <T> Setting<T> value(String example, Function<String, T> parser) throws XMLStreamException {
        String element = name();
        Place.Tag place = new Place.Tag(tag);
        Optional<String> text = text();
        if (text.isPresent() && text.get().isEmpty()) {
            faults.add(place, "<" + element + "> is empty; write <" + element + ">" + example + "</" + element + ">");
            return new Setting<>(place, Optional.empty());
        }
        return new Setting<>(place, text.flatMap(written -> parsed(written, new Place.TextAfter(place.tag()), parser)));
    }

    private <T> Optional<T> parsed(String written, Place place, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(collapse(written)));
        } catch (InvalidValueException e) {
            faults.add(place, e.getMessage());
            return Optional.empty();
        }
    }

    /** The text of the current element; empty when there is more to it than a text, which is told. */
    private Optional<String> text() throws XMLStreamException {
        String element = name();
        int startTag = tag;
        StringBuilder text = new StringBuilder();
        boolean wrong = false;
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                tell("element <" + PeerText.clean(name()) + "> inside <" + element
                        + ">, which holds a value only; remove it");
                wrong = true;
                skip();
            } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                int room = MAX_VALUE_LENGTH + 1 - text.length();
                text.append(xml.getTextCharacters(), xml.getTextStart(), Math.min(room, xml.getTextLength()));
            }
        }
        if (text.length() > MAX_VALUE_LENGTH) {
            faults.add(
                    new Place.TextAfter(startTag),
                    "the value of <" + element + "> is longer than " + MAX_VALUE_LENGTH + " characters; shorten it");
            wrong = true;
        }
        return wrong ? Optional.empty() : Optional.of(text.toString().trim());
    }

    /** White space as the schema's type {@code xs:token} has it: none around, one blank between words. */
    private static String collapse(String written) {
        String trimmed = written.trim();
        return isOneWord(trimmed) ? trimmed : WHITE_SPACE.matcher(trimmed).replaceAll(" ");
    }

    private static boolean isOneWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ') {
                return false;
            }
        }
        return true;
    }
}
