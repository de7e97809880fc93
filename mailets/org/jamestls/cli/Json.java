package org.jamestls.cli;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An object of JSON (RFC 8259), its members in the order in which they are put. Values are texts, numbers, booleans,
 * {@code null}, further objects, collections and optionals of these; anything else is written as its text. The output is
 * ASCII, so that no terminal or pipe can misread it.
 */
final class Json {

    private final Map<String, Object> members = new LinkedHashMap<>();

    /** Adds a member; an empty optional is {@code null}. */
    Json put(String name, Object value) {
        members.put(name, value);
        return this;
    }

    /** A value as indented JSON. */
    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, "", out);
        return out.toString();
    }

    private static void write(Object value, String indent, StringBuilder out) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Optional<?> optional) {
            write(optional.orElse(null), indent, out);
        } else if (value instanceof Json object) {
            writeObject(object, indent, out);
        } else if (value instanceof Collection<?> collection) {
            writeArray(collection, indent, out);
        } else {
            writeText(value.toString(), out);
        }
    }

    private static void writeObject(Json object, String indent, StringBuilder out) {
        String inner = indent + "  ";
        Iterator<Map.Entry<String, Object>> members = object.members.entrySet().iterator();
        out.append('{');
        while (members.hasNext()) {
            Map.Entry<String, Object> member = members.next();
            out.append('\n').append(inner);
            writeText(member.getKey(), out);
            out.append(": ");
            write(member.getValue(), inner, out);
            out.append(members.hasNext() ? "," : "\n" + indent);
        }
        out.append('}');
    }

    private static void writeArray(Collection<?> collection, String indent, StringBuilder out) {
        String inner = indent + "  ";
        Iterator<?> elements = collection.iterator();
        out.append('[');
        while (elements.hasNext()) {
            out.append('\n').append(inner);
            write(elements.next(), inner, out);
            out.append(elements.hasNext() ? "," : "\n" + indent);
        }
        out.append(']');
    }

    private static void writeText(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c)); // RFC 8259 §7
            }
        }
        out.append('"');
    }
}
