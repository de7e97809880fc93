package org.jamestls.delivery;

import java.util.List;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.jamestls.mailetcontainer.ConfiguredMailet;
import org.jamestls.mailetcontainer.Processors;

/**
 * Looks through {@code mailetcontainer.xml} for ways in which mail of an enforced domain would reach a worker that does
 * not know its policy.
 */
public final class MailetContainerCheck {

    private static final String SPOOL = "spool";

    private final ConfigurationProvider configurations;

    public MailetContainerCheck(ConfigurationProvider configurations) {
        this.configurations = configurations;
    }

    /**
     * Checks the surroundings of one mailet.
     *
     * @return what start-up warns of: mail that can pass the mailet by
     * @throws InvalidParameterException when another mailet reads its queue, its matcher another policy file, or mail that
     *     it gives back can leave by a delivery without the policy
     */
    public List<StartUpNotice> check(DeliveryConfiguration configuration) throws InvalidParameterException {
        Processors processors = processors();
        List<ConfiguredMailet> twins = processors.mailets().stream()
                .filter(mailet -> mailet.isTlsRemoteDelivery() && mailet.reads(configuration.outgoing()))
                .toList();
        refuseForeignReaders(configuration, processors.mailets());
        refuseDifferingTwins(configuration, twins);
        refuseDifferingMatchers(processors.mailets());
        return new WaysPastPolicy(processors).check(twins);
    }

    private static void refuseForeignReaders(DeliveryConfiguration configuration, List<ConfiguredMailet> mailets)
            throws InvalidParameterException {
        if (configuration.outgoing().equals(SPOOL)) {
            throw new InvalidParameterException(
                    "outgoing=spool is the queue of James's own mailet container; write a queue of its own");
        }
        for (ConfiguredMailet mailet : mailets) {
            if (!mailet.isTlsRemoteDelivery() && mailet.reads(configuration.outgoing())) {
                throw new InvalidParameterException("the queue '" + configuration.outgoing() + "' is also read by "
                        + mailet.describe() + ", which knows no TLS policy; write another <outgoing>, such as "
                        + DeliveryConfiguration.DEFAULT_OUTGOING);
            }
        }
    }

    private static void refuseDifferingTwins(DeliveryConfiguration configuration, List<ConfiguredMailet> readers)
            throws InvalidParameterException {
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
            for (String matched : mailet.matcher().policies(true)) {
                if (mailet.isTlsRemoteDelivery() && !matched.equals(mailet.policy())) {
                    throw new InvalidParameterException(mailet.describe() + " is matched by the policy file " + matched
                            + " and delivers by another; write the same file in match and <policy>");
                }
            }
        }
    }

    private Processors processors() throws InvalidParameterException {
        try {
            return Processors.read(configurations.getConfiguration("mailetcontainer"));
        } catch (ConfigurationException e) {
            throw new InvalidParameterException(
                    "mailetcontainer.xml cannot be read to check who else reads the queue: " + e.getMessage());
        }
    }
}
