package org.jamestls.delivery;

import java.util.Optional;
import java.util.Set;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.server.core.configuration.ConfigurationProvider;

/** Looks what the {@code bounceProcessor} makes of mail that is given up, as in James's sample, where it has DSNBounce. */
public final class BounceProcessorCheck {

    private static final String DSN_BOUNCE = "DSNBounce";

    /** The values of its {@code attachment} that leave the body out; its default is the whole message. */
    private static final Set<String> WITHOUT_BODY = Set.of("heads", "none");

    private final ConfigurationProvider configurations;

    public BounceProcessorCheck(ConfigurationProvider configurations) {
        this.configurations = configurations;
    }

    /**
     * What a DSNBounce costs in comparison with the mailet's own bounce; empty where there is none.
     *
     * @throws InvalidParameterException when {@code mailetcontainer.xml} cannot be read
     */
    public Optional<StartUpNotice> notice(DeliveryConfiguration configuration) throws InvalidParameterException {
        if (configuration.bounceProcessor().isEmpty()) {
            return Optional.empty();
        }
        String state = configuration.bounceProcessor().get();
        try {
            return configurations.getConfiguration("mailetcontainer").configurationsAt("processors.processor").stream()
                    .filter(processor -> processor.getString("[@state]", "").equals(state))
                    .flatMap(processor -> processor.configurationsAt("mailet").stream())
                    .filter(mailet -> simpleName(mailet).equals(DSN_BOUNCE))
                    .map(mailet -> notice(
                            state, mailet.getString("attachment", "message").strip()))
                    .findFirst();
        } catch (ConfigurationException e) {
            throw new InvalidParameterException(
                    "mailetcontainer.xml cannot be read to see what bounces mail: " + e.getMessage());
        }
    }

    private static String simpleName(HierarchicalConfiguration<ImmutableNode> mailet) {
        String name = mailet.getString("[@class]", "");
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static StartUpNotice notice(String state, String attachment) {
        String ofPolicy = "bounceProcessor=" + state
                + ": its DSNBounce does not tell senders what the policy expected and" + " what was presented";
        return WITHOUT_BODY.contains(attachment)
                ? new StartUpNotice(false, ofPolicy + "; leave bounceProcessor out for bounces that do")
                : StartUpNotice.caution(
                        ofPolicy + ", and returns the whole message, perhaps by another way than the policy"
                                + " asks for it; leave bounceProcessor out, or write <attachment>heads</attachment>");
    }
}
