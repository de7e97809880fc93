package org.jamestls.policyfile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
import org.jamestls.policy.PeerText;

/**
 * The elements that may stand inside another one, in any order, each with what reads it.
 *
 * @param <T> what the values read go into
 */
final class ChildElements<T> {

    private final Map<String, Child<T>> children = new LinkedHashMap<>();

    /** An element that may stand here. */
    private record Child<T>(String name, boolean repeats, Set<String> attributes, int bit, Reader<T> reader) {}

    /** Reads the element at whose start tag the cursor stands, up to its end tag. */
    @FunctionalInterface
    interface Reader<T> {
        void read(T into, ElementCursor element) throws XMLStreamException;
    }

    /** Adds an element that stands here at most once. */
    ChildElements<T> once(String name, Reader<T> reader) {
        return add(name, false, Set.of(), reader);
    }

    /** Adds an element that stands here at most once and may have attributes. */
    ChildElements<T> once(String name, Set<String> attributes, Reader<T> reader) {
        return add(name, false, attributes, reader);
    }

    /** Adds an element that stands here any number of times. */
    ChildElements<T> many(String name, Reader<T> reader) {
        return add(name, true, Set.of(), reader);
    }

    /** Adds an element that stands here any number of times and may have attributes. */
    ChildElements<T> many(String name, Set<String> attributes, Reader<T> reader) {
        return add(name, true, attributes, reader);
    }

    private ChildElements<T> add(String name, boolean repeats, Set<String> attributes, Reader<T> reader) {
        children.put(name, new Child<>(name, repeats, attributes, 1 << children.size(), reader));
        return this;
    }

    /** Reads everything inside the current element. */
    void read(ElementCursor element, T into) throws XMLStreamException {
        int seen = 0;
        while (element.nextChild()) {
            Child<T> child = children.get(element.name());
            if (child == null) {
                element.tell("unknown element <" + PeerText.clean(element.name()) + "> here; write " + names());
                element.skip();
            } else if (!child.repeats() && (seen & child.bit()) != 0) {
                element.tell("<" + child.name() + "> is given twice; write it once");
                element.skip();
            } else {
                seen |= child.bit();
                element.allowAttributes(child.attributes());
                child.reader().read(into, element);
            }
        }
    }

    /** As {@link #read}, for an element that says nothing without a child. */
    void readSome(ElementCursor element, T into) throws XMLStreamException {
        Place start = element.place();
        String name = element.name();
        int before = element.tagsRead();
        read(element, into);
        if (element.tagsRead() == before + 1) {
            element.tell(start, "<" + name + "> is empty; write " + names() + " in it, or remove it");
        }
    }

    private String names() {
        return children.keySet().stream().map(name -> "<" + name + ">").collect(Collectors.joining(" or "));
    }
}
