package org.jamestls.routing;

import java.util.List;
import java.util.Optional;
import org.jamestls.policy.HostAndPort;
import org.jamestls.smtp.Credentials;

/**
 * The servers that take all mail without a static route of its own.
 *
 * @param servers the servers, in the order to try them; at least one
 * @param credentials what they ask for in SMTP AUTH
 */
public record Gateway(List<HostAndPort> servers, Optional<Credentials> credentials) {
    public Gateway {
        servers = List.copyOf(servers);
    }

    List<MailHost> mailHosts() {
        return servers.stream()
                .map(server -> new MailHost(server.host(), server.port(), MailHost.Source.GATEWAY, credentials))
                .toList();
    }
}
