package org.jamestls.mailetcontainer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;

/** The matchers of one processor: those that it declares, by their names, and those that its mailets write. */
final class MatcherReader {

    private static final String COMPOSITES = "org.apache.james.mailetcontainer.impl.matchers.";

    private final Map<String, MatcherTree> declared = new HashMap<>();

    MatcherReader(HierarchicalConfiguration<ImmutableNode> processor) {
        declarations(processor);
    }

    private List<MatcherTree> declarations(HierarchicalConfiguration<ImmutableNode> parent) {
        List<MatcherTree> matchers = new ArrayList<>();
        for (HierarchicalConfiguration<ImmutableNode> element : parent.configurationsAt("matcher")) {
            MatcherTree matcher = read(element, declarations(element));
            String name = element.getString("[@name]", null);
            if (name != null) {
                declared.put(name, matcher);
            }
            matchers.add(matcher);
        }
        return matchers;
    }

    /** The matcher of a mailet; a mailet without one gets all mail. */
    MatcherTree of(HierarchicalConfiguration<ImmutableNode> mailet) {
        return read(mailet, List.of());
    }

    private MatcherTree read(HierarchicalConfiguration<ImmutableNode> element, List<MatcherTree> children) {
        String match = element.getString("[@match]", null);
        String inverted = element.getString("[@notmatch]", null);
        if (inverted != null) {
            return new MatcherTree.Not(named(inverted, children));
        }
        return match == null ? new MatcherTree.Simple(MatcherName.ALL) : named(match, children);
    }

    /** James 3.8 looks up declared names in {@code match} alone, James 3.9 in {@code notmatch} and below too. */
    private MatcherTree named(String text, List<MatcherTree> children) {
        if (declared.containsKey(text)) {
            return declared.get(text);
        }
        MatcherName name = MatcherName.parse(text);
        return switch (name.className()) {
            case COMPOSITES + "Or" -> new MatcherTree.Or(children);
            case COMPOSITES + "And" -> new MatcherTree.And(children);
            case COMPOSITES + "Xor" -> new MatcherTree.Xor(children);
            case COMPOSITES + "Not" ->
                new MatcherTree.Not(children.size() == 1 ? children.get(0) : new MatcherTree.Or(children));
            default -> new MatcherTree.Simple(name);
        };
    }
}
