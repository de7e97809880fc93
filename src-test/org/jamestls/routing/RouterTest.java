package org.jamestls.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.Host;
import org.jamestls.policy.HostAndPort;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.MailDelivery.StaticRoute;
import org.jamestls.policy.OtherDomains;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.smtp.CredentialProtection;
import org.jamestls.smtp.Credentials;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static final Gateway GATEWAY = new Gateway(
            List.of(HostAndPort.parse("gw.sender.example:587", 25)), Optional.of(new Credentials("u", "p")), true);

    private final DeclaredRecords records = new DeclaredRecords();

    private PolicyTable table = PolicyTable.of(List.of(), OtherDomains.OPPORTUNISTIC);

    private Route route(String domain, Optional<Gateway> gateway) {
        RecipientDomain recipientDomain = RecipientDomain.of(domain);
        return new Router(records, gateway, 2525)
                .route(recipientDomain, recipientDomain.decision(table).orElseThrow());
    }

    private static Route hosts(MailHost... hosts) {
        return new Route.MailHosts(List.of(hosts));
    }

    private static MailHost mx(String host) {
        return new MailHost(Host.parse(host), 2525, MailHost.Source.MX);
    }

    @Test
    void routeShouldKeepTheOrderOfMxRecords() {
        records.mx("bank.example", "mx2.bank.example.", "mx1.bank.example.");

        assertThat(route("bank.example", Optional.empty()))
                .isEqualTo(hosts(mx("mx2.bank.example"), mx("mx1.bank.example")));
    }

    @Test
    void routeShouldTryAHostNamedTwiceOnce() {
        records.mx("bank.example", "mx1.bank.example.", "mx1.bank.example.");

        assertThat(route("bank.example", Optional.empty())).isEqualTo(hosts(mx("mx1.bank.example")));
    }

    @Test
    void routeShouldTryAHostOnceWhoseNamesDifferInCaseOrATrailingDotAlone() {
        records.mx(
                "bank.example",
                "mx1.bank.example.",
                "MX1.bank.EXAMPLE.",
                "mx1.Bank.example",
                "192.0.2.7",
                "192.0.2.7.");

        assertThat(route("bank.example", Optional.empty())).isEqualTo(hosts(mx("mx1.bank.example"), mx("192.0.2.7")));
    }

    @Test
    void routeShouldNameButAFewOfManyMxRecordsThatNameNoHost() {
        records.mx(
                "bank.example",
                IntStream.range(0, 3000).mapToObj(i -> "no host " + i).toArray(String[]::new));

        assertThat(route("bank.example", Optional.empty()))
                .isInstanceOfSatisfying(
                        Route.Unknown.class, route -> assertThat(route.reason()).hasSizeLessThan(350));
    }

    @Test
    void routeShouldFallBackToTheDomainsAddressWithoutMx() {
        records.address("bank.example", "192.0.2.1");

        assertThat(route("bank.example", Optional.empty())).isEqualTo(hosts(mx("bank.example")));
    }

    @Test
    void routeShouldNotFallBackToTheDomainsAddressBesideMx() {
        records.mx("bank.example", "mx1.bank.example.").address("bank.example", "192.0.2.1");

        assertThat(route("bank.example", Optional.empty())).isEqualTo(hosts(mx("mx1.bank.example")));
    }

    @Test
    void routeShouldKnowANullMx() {
        records.mx("bank.example", ".").address("bank.example", "192.0.2.1");

        assertThat(route("bank.example", Optional.empty())).isEqualTo(new Route.NullMx());
    }

    @Test
    void routeShouldIgnoreANullMxBesideOthers() {
        records.mx("bank.example", ".", "mx1.bank.example.");

        assertThat(route("bank.example", Optional.empty())).isEqualTo(hosts(mx("mx1.bank.example")));
    }

    @Test
    void routeShouldFindNothingWithoutAnyRecord() {
        assertThat(route("bank.example", Optional.empty())).isEqualTo(new Route.NoMailHost());
    }

    @Test
    void routeShouldBeUnknownWhileTheDnsDoesNotAnswer() {
        records.failing("bank.example");

        assertThat(route("bank.example", Optional.empty())).isEqualTo(new Route.Unknown("the DNS gave no answer"));
    }

    @Test
    void routeShouldBeUnknownWhenNoMxNamesAHost() {
        records.mx("bank.example", "not a host.");

        assertThat(route("bank.example", Optional.empty()))
                .isEqualTo(new Route.Unknown("no MX record of bank.example names a host: not a host."));
    }

    @Test
    void routeShouldTryAnAddressInAnMxRecord() {
        records.mx("bank.example", "192.0.2.7.");

        assertThat(route("bank.example", Optional.empty())).isEqualTo(hosts(mx("192.0.2.7")));
    }

    @Test
    void routeShouldPreferTheGatewayToMxAndAddressLiterals() {
        records.mx("bank.example", "mx1.bank.example.");
        MailHost gateway = new MailHost(
                Host.parse("gw.sender.example"), 587, MailHost.Source.GATEWAY, Optional.of(new Credentials("u", "p")));

        assertThat(route("bank.example", Optional.of(GATEWAY))).isEqualTo(hosts(gateway));
        assertThat(route("[192.0.2.1]", Optional.of(GATEWAY))).isEqualTo(hosts(gateway));
    }

    private List<Route> routesByGateway(boolean loadBalancing, Random chance) {
        Gateway gateway = new Gateway(
                Stream.of("gw1.example", "gw2.example", "gw3.example")
                        .map(host -> HostAndPort.parse(host, 25))
                        .toList(),
                Optional.empty(),
                loadBalancing);
        Router testee = new Router(records, Optional.of(gateway), 2525, chance);
        RecipientDomain domain = RecipientDomain.of("bank.example");
        return Stream.generate(() -> testee.route(domain, domain.decision(table).orElseThrow()))
                .limit(50)
                .toList();
    }

    @Test
    void gatewayThatBalancesItsLoadShouldBeTriedInAnotherOrderByEachAttempt() {
        List<Route> routes = routesByGateway(true, new Random(1));

        assertThat(Set.copyOf(routes)).as("the orders of three servers").hasSize(6);
        assertThat(routesByGateway(true, new Random(1))).isEqualTo(routes);
    }

    @Test
    void gatewayWithoutLoadBalancingShouldBeTriedInTheOrderWritten() {
        assertThat(Set.copyOf(routesByGateway(false, new Random(1))))
                .containsExactly(hosts(gateway("gw1.example"), gateway("gw2.example"), gateway("gw3.example")));
    }

    private static MailHost gateway(String host) {
        return new MailHost(Host.parse(host), 25, MailHost.Source.GATEWAY);
    }

    @Test
    void routeShouldPreferAStaticRouteToTheGatewayAndGiveItNoCredentials() {
        table = PolicyTable.of(
                List.of(DomainPolicy.withDefaults(DomainName.parse("bank.example"))
                        .withMailDelivery(StaticRoute.parse("192.0.2.25:2626"))),
                OtherDomains.OPPORTUNISTIC);

        assertThat(route("sub.bank.example", Optional.of(GATEWAY)))
                .isEqualTo(hosts(new MailHost(Host.parse("192.0.2.25"), 2626, MailHost.Source.STATIC_ROUTE)));
    }

    @Test
    void onlyAGatewayThatHasToProveWhoItIsShouldBeHeldToMoreThanThePolicy() {
        PolicyDecision decision = new PolicyDecision.Unlisted(OtherDomains.NONE);
        Credentials relaxed = new Credentials("u", "p", CredentialProtection.RELAXED);
        Gateway open = new Gateway(GATEWAY.servers(), Optional.of(relaxed), true);
        Gateway anonymous = new Gateway(GATEWAY.servers(), Optional.empty(), true);

        assertThat(((Route.MailHosts) route("bank.example", Optional.of(GATEWAY))).bind(decision))
                .isEqualTo(decision.verified("the gateway's credentials"));
        assertThat(((Route.MailHosts) route("bank.example", Optional.of(open))).bind(decision))
                .isSameAs(decision);
        assertThat(((Route.MailHosts) route("bank.example", Optional.of(anonymous))).bind(decision))
                .isSameAs(decision);
    }

    @Test
    void routeShouldGoStraightToAnAddressLiteral() {
        assertThat(route("[192.0.2.1]", Optional.empty()))
                .isEqualTo(hosts(new MailHost(Host.parse("192.0.2.1"), 2525, MailHost.Source.ADDRESS_LITERAL)));
    }

    @Test
    void addressesShouldCarryEveryAddressOnce() throws Exception {
        records.address("mx1.bank.example", "192.0.2.1", "2001:db8::1", "192.0.2.1");
        Router testee = new Router(records, Optional.empty(), 25);

        assertThat(testee.addresses(mx("mx1.bank.example")))
                .containsExactly(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));
        assertThat(testee.addresses(mx("192.0.2.9"))).containsExactly(IpAddress.parse("192.0.2.9"));
        assertThat(testee.addresses(mx("unknown.example"))).isEmpty();
    }

    /** A resolver that knows what a test declares: records and failures. */
    private static final class DeclaredRecords implements Resolver {
        private final Map<String, List<String>> exchanges = new HashMap<>();
        private final Map<String, List<InetAddress>> addresses = new HashMap<>();
        private final List<String> failing = new java.util.ArrayList<>();

        DeclaredRecords mx(String domain, String... hosts) {
            exchanges.put(domain, List.of(hosts));
            return this;
        }

        DeclaredRecords address(String host, String... literals) {
            addresses.put(
                    host,
                    List.of(literals).stream()
                            .map(literal -> IpAddress.parse(literal).address())
                            .toList());
            return this;
        }

        void failing(String domain) {
            failing.add(domain);
        }

        @Override
        public List<String> mailExchanges(DomainName domain) throws TemporaryDnsException {
            if (failing.contains(domain.text())) {
                throw new TemporaryDnsException("the DNS gave no answer", null);
            }
            return exchanges.getOrDefault(domain.text(), Collections.emptyList());
        }

        @Override
        public List<InetAddress> addresses(DomainName host) {
            return addresses.getOrDefault(host.text(), Collections.emptyList());
        }
    }
}
