package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.jamestls.policy.FileLocation;

/**
 * Looks through {@code mailetcontainer.xml} for ways in which mail of an enforced domain would reach a worker that does
 * not know its policy.
 */
public final class MailetContainerCheck {

    private static final String OURS = "TlsRemoteDelivery";
    private static final String OUR_MATCHER = "org.jamestls.TlsEnforced";
    private static final String DEFAULT_OUTGOING_OF_REMOTE_DELIVERY = "outgoing";
    private static final String SPOOL = "spool";

    private final ConfigurationProvider configurations;

    public MailetContainerCheck(ConfigurationProvider configurations) {
        this.configurations = configurations;
    }

    /**
     * Checks the surroundings of one mailet.
     *
     * @throws InvalidParameterException when another mailet reads its queue, or its matcher another policy file
     */
    public void check(DeliveryConfiguration configuration) throws InvalidParameterException {
        List<ConfiguredMailet> mailets = mailets();
        refuseForeignReaders(configuration, mailets);
        refuseDifferingTwins(configuration, mailets);
        refuseDifferingMatchers(mailets);
    }

    private static void refuseForeignReaders(DeliveryConfiguration configuration, List<ConfiguredMailet> mailets)
            throws InvalidParameterException {
        if (configuration.outgoing().equals(SPOOL)) {
            throw new InvalidParameterException(
                    "outgoing=spool is the queue of James's own mailet container; write a queue of its own");
        }
        for (ConfiguredMailet mailet : mailets) {
            if (!mailet.is(OURS) && mailet.reads(configuration.outgoing())) {
                throw new InvalidParameterException("the queue '" + configuration.outgoing() + "' is also read by "
                        + mailet.describe() + ", which knows no TLS policy; write another <outgoing>, such as "
                        + DeliveryConfiguration.DEFAULT_OUTGOING);
            }
        }
    }

    private static void refuseDifferingTwins(DeliveryConfiguration configuration, List<ConfiguredMailet> mailets)
            throws InvalidParameterException {
        List<ConfiguredMailet> readers = mailets.stream()
                .filter(mailet -> mailet.is(OURS)
                        && mailet.outgoing(DeliveryConfiguration.DEFAULT_OUTGOING)
                                .equals(configuration.outgoing()))
                .toList();
        if (readers.stream().map(ConfiguredMailet::parameters).distinct().count() > 1) {
            throw new InvalidParameterException("the queue '" + configuration.outgoing()
                    + "' is read by several TlsRemoteDelivery with different parameters ("
                    + String.join(
                            ", ",
                            readers.stream().map(ConfiguredMailet::describe).toList())
                    + "); write one <outgoing> each");
        }
    }

    private static void refuseDifferingMatchers(List<ConfiguredMailet> mailets) throws InvalidParameterException {
        for (ConfiguredMailet mailet : mailets) {
            Optional<String> matched = mailet.policyOfMatcher();
            if (mailet.is(OURS)
                    && matched.isPresent()
                    && !matched.get()
                            .equals(mailet.parameter("policy")
                                    .map(FileLocation::url)
                                    .orElse(DeliveryConfiguration.DEFAULT_POLICY_URL))) {
                throw new InvalidParameterException(mailet.describe() + " is matched by the policy file "
                        + matched.get() + " and delivers by another; write the same file in match and <policy>");
            }
        }
    }

    private List<ConfiguredMailet> mailets() throws InvalidParameterException {
        List<ConfiguredMailet> mailets = new ArrayList<>();
        for (HierarchicalConfiguration<ImmutableNode> processor : processors()) {
            for (HierarchicalConfiguration<ImmutableNode> mailet : processor.configurationsAt("mailet")) {
                mailets.add(ConfiguredMailet.of(processor.getString("[@state]", ""), mailet));
            }
        }
        return mailets;
    }

    private List<HierarchicalConfiguration<ImmutableNode>> processors() throws InvalidParameterException {
        try {
            return configurations.getConfiguration("mailetcontainer").configurationsAt("processors.processor");
        } catch (ConfigurationException e) {
            throw new InvalidParameterException(
                    "mailetcontainer.xml cannot be read to check who else reads the queue: " + e.getMessage());
        }
    }

    private record ConfiguredMailet(
            String processor, String mailetClass, String match, Map<String, String> parameters) {

        static ConfiguredMailet of(String processor, HierarchicalConfiguration<ImmutableNode> mailet) {
            Map<String, String> parameters = new HashMap<>();
            Iterator<String> keys = mailet.getKeys();
            while (keys.hasNext()) {
                String key = keys.next();
                if (!key.startsWith("[@")) {
                    parameters.put(
                            key, String.join(",", mailet.getStringArray(key)).strip());
                }
            }
            return new ConfiguredMailet(
                    processor, mailet.getString("[@class]", ""), mailet.getString("[@match]", ""), parameters);
        }

        boolean is(String simpleName) {
            return mailetClass.substring(mailetClass.lastIndexOf('.') + 1).equals(simpleName);
        }

        /** A RemoteDelivery, or a class derived from it by its name, reads its queue even where it names none. */
        boolean reads(String queue) {
            return mailetClass.endsWith("RemoteDelivery")
                    ? outgoing(DEFAULT_OUTGOING_OF_REMOTE_DELIVERY).equals(queue)
                    : parameter("outgoing").equals(Optional.of(queue));
        }

        String outgoing(String otherwise) {
            return parameter("outgoing").orElse(otherwise);
        }

        Optional<String> parameter(String name) {
            return Optional.ofNullable(parameters.get(name));
        }

        /** The policy file that a matcher of ours reads for this mailet. */
        Optional<String> policyOfMatcher() {
            if (match.equals(OUR_MATCHER)) {
                return Optional.of(DeliveryConfiguration.DEFAULT_POLICY_URL);
            }
            return match.startsWith(OUR_MATCHER + "=")
                    ? Optional.of(FileLocation.url(match.substring(OUR_MATCHER.length() + 1)))
                    : Optional.empty();
        }

        String describe() {
            return mailetClass + " in processor '" + processor + "'";
        }
    }
}
