package org.jamestls.james;

import java.io.StringReader;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.XMLConfiguration;
import org.apache.commons.configuration2.convert.DisabledListDelimiterHandler;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.io.FileHandler;
import org.apache.commons.configuration2.tree.ImmutableNode;

/** XML read as James reads its configuration files. */
public final class XmlConfigurations {

    private XmlConfigurations() {}

    public static HierarchicalConfiguration<ImmutableNode> read(String xml) throws ConfigurationException {
        XMLConfiguration configuration = new XMLConfiguration();
        configuration.setListDelimiterHandler(new DisabledListDelimiterHandler());
        new FileHandler(configuration).load(new StringReader(xml));
        return configuration;
    }
}
