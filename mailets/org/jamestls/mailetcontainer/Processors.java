package org.jamestls.mailetcontainer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;

/**
 * The processors of {@code mailetcontainer.xml}.
 *
 * @param mailets all mailets, in the order of the file
 * @param byName the mailets of each processor; of two with one name James uses the later
 */
public record Processors(List<ConfiguredMailet> mailets, Map<String, List<ConfiguredMailet>> byName) {

    /** Where mail enters. */
    public static final String ROOT = "root";

    /** Where mail goes after an exception, and where a name leads that no processor has. */
    public static final String ERROR = "error";

    public Processors {
        mailets = List.copyOf(mailets);
        byName = Map.copyOf(byName);
    }

    /** Reads them from the root element of {@code mailetcontainer.xml}. */
    public static Processors read(HierarchicalConfiguration<ImmutableNode> mailetContainer) {
        List<ConfiguredMailet> all = new ArrayList<>();
        Map<String, List<ConfiguredMailet>> byName = new LinkedHashMap<>();
        for (HierarchicalConfiguration<ImmutableNode> processor :
                mailetContainer.configurationsAt("processors.processor")) {
            String name = processor.getString("[@state]", "");
            MatcherReader matchers = new MatcherReader(processor);
            List<ConfiguredMailet> mailets = processor.configurationsAt("mailet").stream()
                    .map(element -> ConfiguredMailet.read(name, matchers.of(element), element))
                    .toList();
            byName.put(name, mailets);
            all.addAll(mailets);
        }
        return new Processors(all, byName);
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /** The mailets in a processor, in order; names are compared exactly. */
    List<ConfiguredMailet> of(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /** The mailets that follow one in its processor. */
    List<ConfiguredMailet> after(ConfiguredMailet mailet) {
        List<ConfiguredMailet> mailets = of(mailet.processor());
        return mailets.subList(mailets.indexOf(mailet) + 1, mailets.size());
    }
}
