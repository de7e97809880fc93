package org.jamestls.policyfile;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Walks over a document that is well-formed as far as it is walked, from tag to tag, to find where they start. It
 * understands just enough XML for that: comments, processing instructions, CDATA sections and quoted attribute values
 * are passed over.
 */
final class TagScanner {

    private static final byte[] COMMENT = ascii("<!--");
    private static final byte[] COMMENT_END = ascii("-->");
    private static final byte[] INSTRUCTION = ascii("<?");
    private static final byte[] INSTRUCTION_END = ascii("?>");
    private static final byte[] CDATA = ascii("<![CDATA[");
    private static final byte[] CDATA_END = ascii("]]>");
    private static final byte[] END_TAG = ascii("</");
    private static final byte[] EMPTY_TAG_END = ascii("/>");

    private final byte[] xml;
    private int tag;
    private int start;
    private int end;
    private boolean empty;
    private Map<String, Integer> attributes;

    /** Starts before the first tag of a document in UTF-8. */
    TagScanner(byte[] xml) {
        this.xml = xml;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Goes on to a tag, which is not before the current one. */
    void advanceTo(int wanted) {
        while (tag < wanted && start < xml.length) {
            tag++;
            if (empty) {
                empty = false; // the end that an empty-element tag is, beside a start
            } else {
                nextTag();
            }
        }
    }

    private void nextTag() {
        attributes = null;
        start = markup(end);
        boolean startTag = !at(END_TAG, start);
        end = start + 1;
        for (byte quote = 0; end < xml.length && (quote != 0 || xml[end] != '>'); end++) {
            if (quote != 0) {
                quote = xml[end] == quote ? 0 : quote;
            } else if (xml[end] == '"' || xml[end] == '\'') {
                quote = xml[end];
            }
        }
        end = Math.min(end + 1, xml.length);
        empty = startTag && at(EMPTY_TAG_END, end - EMPTY_TAG_END.length);
    }

    /** The next {@code <} that opens neither comment, processing instruction nor CDATA section. */
    private int markup(int from) {
        int i = from;
        while (i < xml.length) {
            int past = pastInvisible(i);
            if (past == i && at(CDATA, i)) {
                past = after(CDATA_END, i + CDATA.length);
            }
            if (past == i && xml[i] == '<') {
                return i;
            }
            i = past == i ? i + 1 : past;
        }
        return xml.length;
    }

    int startOfTag() {
        return start;
    }

    /** Where an attribute of the current tag starts; where the tag does, if it has no such attribute. */
    int startOfAttribute(String name) {
        if (attributes == null) {
            attributes = attributesOfTag();
        }
        return attributes.getOrDefault(name, start);
    }

    /** The attributes in one walk over the tag, because many of them may be asked for. */
    private Map<String, Integer> attributesOfTag() {
        Map<String, Integer> starts = new HashMap<>();
        int name = pastSpace(pastName(start + 1));
        while (name < end && xml[name] != '/' && xml[name] != '>') {
            int pastName = pastName(name);
            starts.put(new String(xml, name, pastName - name, StandardCharsets.UTF_8), name);
            name = pastSpace(pastValue(pastName));
        }
        return starts;
    }

    private int pastSpace(int from) {
        int i = from;
        while (i < end && isSpace(xml[i])) {
            i++;
        }
        return i;
    }

    private int pastName(int from) {
        int i = from;
        while (i < end && xml[i] != '=' && !isSpace(xml[i])) {
            i++;
        }
        return i;
    }

    private int pastValue(int from) {
        int i = from;
        while (i < end && xml[i] != '"' && xml[i] != '\'') {
            i++;
        }
        int quote = i++;
        while (i < end && xml[i] != xml[quote]) {
            i++;
        }
        return i + 1;
    }

    int startOfText() {
        return pastSpaceAndInvisible(end);
    }

    /** Where the document goes on after white space, comments and processing instructions. */
    int pastSpaceAndInvisible(int from) {
        int i = from;
        while (i < xml.length) {
            int past = isSpace(xml[i]) ? i + 1 : pastInvisible(i);
            if (past == i) {
                return i;
            }
            i = past;
        }
        return xml.length;
    }

    private int pastInvisible(int i) {
        if (at(COMMENT, i)) {
            return after(COMMENT_END, i + COMMENT.length);
        }
        if (at(INSTRUCTION, i)) {
            return after(INSTRUCTION_END, i + INSTRUCTION.length);
        }
        return i;
    }

    private int after(byte[] mark, int from) {
        int i = from;
        while (i < xml.length && !at(mark, i)) {
            i++;
        }
        return Math.min(i + mark.length, xml.length);
    }

    boolean at(String ascii, int i) {
        return at(ascii(ascii), i);
    }

    private boolean at(byte[] expected, int i) {
        if (i + expected.length > xml.length) {
            return false;
        }
        for (int k = 0; k < expected.length; k++) {
            if (xml[i + k] != expected[k]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r'; // XML 1.0 §2.3
    }
}
