package org.jamestls.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jamestls.policy.HostAndPort;
import org.jamestls.smtp.Credentials;

/**
 * The servers that take all mail without a static route of its own.
 *
 * @param servers the servers, at least one
 * @param credentials what they ask for in SMTP AUTH
 * @param loadBalancing whether each attempt tries them in an order of its own, by chance; otherwise in theirs
 */
public record Gateway(List<HostAndPort> servers, Optional<Credentials> credentials, boolean loadBalancing) {
    public Gateway {
        servers = List.copyOf(servers);
    }

    /** The servers in the order in which one attempt tries them. */
    List<MailHost> mailHosts(Random chance) {
        List<HostAndPort> ordered = new ArrayList<>(servers);
        if (loadBalancing) {
            Collections.shuffle(ordered, chance);
        }
        return ordered.stream()
                .map(server -> new MailHost(server.host(), server.port(), MailHost.Source.GATEWAY, credentials))
                .toList();
    }
}
