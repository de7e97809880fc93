package org.jamestls.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.Host;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.RecipientDomain;

/** Finds the mail hosts of a recipient domain. Safe for use by several threads. */
public final class Router {

    private static final String NULL_MX = ".";
    private static final int MOST_SHOWN = 10;

    private final Resolver resolver;
    private final Optional<Gateway> gateway;
    private final int smtpPort;
    private final Random chance;

    /**
     * @param gateway the servers that take mail without a static route; empty to go by MX
     * @param smtpPort the port of hosts that the DNS names
     */
    public Router(Resolver resolver, Optional<Gateway> gateway, int smtpPort) {
        this(resolver, gateway, smtpPort, new Random());
    }

    /** @param chance what orders the servers of a gateway that balances its load */
    Router(Resolver resolver, Optional<Gateway> gateway, int smtpPort, Random chance) {
        this.resolver = resolver;
        this.gateway = gateway;
        this.smtpPort = smtpPort;
        this.chance = chance;
    }

    /** The route of a domain that can be looked up: a static route, else the gateway, else the domain's own hosts. */
    public Route route(RecipientDomain domain, PolicyDecision decision) {
        if (decision.mailDelivery() instanceof MailDelivery.StaticRoute staticRoute) {
            return new Route.MailHosts(List.of(new MailHost(
                    staticRoute.mailHost().host(), staticRoute.mailHost().port(), MailHost.Source.STATIC_ROUTE)));
        }
        if (gateway.isPresent()) {
            return new Route.MailHosts(gateway.get().mailHosts(chance));
        }
        if (domain instanceof RecipientDomain.AddressLiteral literal) {
            return hosts(List.of(literal.address()), MailHost.Source.ADDRESS_LITERAL);
        }
        return byMx(((RecipientDomain.Named) domain).name());
    }

    private Route byMx(DomainName domain) {
        try {
            List<String> exchanges = new ArrayList<>(resolver.mailExchanges(domain));
            if (exchanges.isEmpty()) {
                return byAddress(domain);
            }
            exchanges.removeIf(NULL_MX::equals);
            if (exchanges.isEmpty()) {
                return new Route.NullMx(); // RFC 7505 §3
            }
            List<Host> named = exchanges.stream()
                    .map(Router::exchangeHost)
                    .flatMap(Optional::stream)
                    .distinct() // as hosts: case and a trailing dot make no other name
                    .toList();
            return named.isEmpty()
                    ? new Route.Unknown("no MX record of " + domain + " names a host: "
                            + PeerText.clean(String.join(", ", firstFew(exchanges))))
                    : hosts(named, MailHost.Source.MX);
        } catch (TemporaryDnsException e) {
            return new Route.Unknown(e.getMessage());
        }
    }

    private static List<String> firstFew(List<String> exchanges) {
        return exchanges.stream().distinct().limit(MOST_SHOWN).toList();
    }

    /** RFC 5321 §5.1: without any MX record the domain itself is the mail host. */
    private Route byAddress(DomainName domain) throws TemporaryDnsException {
        return resolver.addresses(domain).isEmpty()
                ? new Route.NoMailHost()
                : hosts(List.of(domain), MailHost.Source.MX);
    }

    /** Deviation: RFC 5321 §5.1 wants a host name in an MX record; an address there is common enough to be tried. */
    private static Optional<Host> exchangeHost(String exchange) {
        String name = exchange.endsWith(".") ? exchange.substring(0, exchange.length() - 1) : exchange;
        try {
            return Optional.of(IpAddress.looksLikeAddress(name) ? IpAddress.parse(name) : DomainName.parseDns(name));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    private Route hosts(List<? extends Host> hosts, MailHost.Source source) {
        return new Route.MailHosts(
                hosts.stream().map(host -> new MailHost(host, smtpPort, source)).toList());
    }

    /**
     * The addresses of a mail host, in the order to try them. Each carries the host's name, so that no reverse look-up
     * is ever needed.
     *
     * @throws TemporaryDnsException when the DNS gave no answer
     */
    public List<IpAddress> addresses(MailHost mailHost) throws TemporaryDnsException {
        if (mailHost.host() instanceof IpAddress address) {
            return List.of(address);
        }
        return resolver.addresses((DomainName) mailHost.host()).stream()
                .map(IpAddress::new)
                .distinct()
                .toList();
    }
}
