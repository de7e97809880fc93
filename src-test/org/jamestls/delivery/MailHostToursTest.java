package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import javax.net.ssl.SSLSocket;
import org.apache.james.core.MailAddress;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.Host;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.MailHostPattern;
import org.jamestls.policy.OtherDomains;
import org.jamestls.policy.PolicyDecision;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.routing.MailHost;
import org.jamestls.routing.Resolver;
import org.jamestls.routing.Router;
import org.jamestls.routing.TemporaryDnsException;
import org.jamestls.smtp.ClientSettings;
import org.jamestls.smtp.ConnectionLimits;
import org.jamestls.smtp.SendTo;
import org.jamestls.smtp.SmtpClient;
import org.jamestls.smtp.SmtpConnections;
import org.jamestls.smtp.SmtpStep;
import org.jamestls.smtp.TimeLimits;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.tls.BouncyCastleTlsClient;
import org.jamestls.tls.KeyExchange;
import org.jamestls.tls.TlsClient;
import org.jamestls.tls.TlsConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;

/** How far a tour goes, and that nothing that goes wrong at one mail host keeps the mail from the next. */
class MailHostToursTest {

    private static final String DOMAIN = "bank.example";
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Test Root");
    private static final TlsClient TLS = new BouncyCastleTlsClient(
            TrustedRoots.of(List.of(AUTHORITY.certificate())),
            KeyExchange.CLASSICAL,
            Clock.systemUTC(),
            BouncyCastleTlsClient.HANDSHAKE_LIMIT);
    private static final TourLimits USUAL = new TourLimits(20, 50, Duration.ofMinutes(30));

    /** What the DNS says, in the order asked. */
    private final List<String> lookedUp = new ArrayList<>();

    private final Map<String, Supplier<List<InetAddress>>> addresses = new HashMap<>();
    private final RecordingMetricFactory metrics = new RecordingMetricFactory();
    private final List<AutoCloseable> open = new ArrayList<>();
    private InstantSource clock = Clock.systemUTC();
    private PolicyDecision decision = decision(PolicyTable.of(List.of(), OtherDomains.OPPORTUNISTIC));
    private TlsClient tls = TLS;
    private BooleanSupplier policyHolds = () -> true;
    private MailHostBackoff backoff = new MailHostBackoff(Duration.ofHours(6), Clock.systemUTC());

    @AfterEach
    void tearDown() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private static PolicyDecision decision(PolicyTable table) {
        return RecipientDomain.of(DOMAIN).decision(table).orElseThrow();
    }

    private ReceivingServer host(String name, ReceivingServer.Builder builder) {
        ReceivingServer server = builder.start();
        open.add(server);
        addresses.put(name, () -> List.of(server.address()));
        return server;
    }

    private static List<MailHost> exchanges(int port, String... names) {
        return Stream.of(names)
                .map(name -> new MailHost(Host.parse(name), port, MailHost.Source.MX))
                .toList();
    }

    private static List<MailHost> manyExchanges(int count) {
        return exchanges(
                1,
                IntStream.rangeClosed(1, count)
                        .mapToObj(number -> "mx" + number + "." + DOMAIN)
                        .toArray(String[]::new));
    }

    private final class Records implements Resolver {
        @Override
        public List<String> mailExchanges(DomainName domain) {
            return List.of();
        }

        @Override
        public List<InetAddress> addresses(DomainName host) throws TemporaryDnsException {
            lookedUp.add(host.text());
            return addresses.getOrDefault(host.text(), List::of).get();
        }
    }

    private AttemptResult visit(TourLimits limits, Mail mail, List<MailHost> hosts) {
        SmtpClient client = new SmtpClient(
                tls,
                new ClientSettings(
                        "client.example.org", Optional.empty(), TimeLimits.all(Duration.ofSeconds(20)), true));
        SmtpConnections connections =
                new SmtpConnections(client, ConnectionLimits.DEFAULT, Duration.ofSeconds(20), Clock.systemUTC());
        open.add(connections);
        open.add(client);
        MailHostTours testee = new MailHostTours(
                new TourEquipment(
                        new Router(new Records(), Optional.empty(), 25),
                        connections,
                        backoff,
                        new ReportedViolations(metrics),
                        () -> 0,
                        limits,
                        clock),
                RetrySchedule.of(Optional.of("1 hour"), Optional.of(1)),
                FakeMailContext.defaultContext(),
                SendTo.ACCEPTED_RECIPIENTS);
        return testee.visit(
                        mail,
                        RecipientDomain.of(DOMAIN),
                        decision,
                        hosts,
                        List.copyOf(mail.getRecipients()),
                        policyHolds)
                .orElseThrow();
    }

    private static FakeMail.Builder mail() throws Exception {
        return FakeMail.builder()
                .name("mail")
                .sender("sender@sender.example")
                .recipients("a@" + DOMAIN, "b@" + DOMAIN)
                .mimeMessage(message("body"));
    }

    private static MimeMessage message(String body) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(("Subject: x\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static DeliveryFailure onlyFailure(AttemptResult result) {
        assertThat(result.failures().values().stream().distinct()).hasSize(1);
        return result.failures().values().iterator().next();
    }

    @Test
    void threeThousandMailHostsShouldCostNoMoreThanTheLimit() throws Exception {
        AttemptResult result = visit(USUAL, mail().build(), manyExchanges(3000));

        assertThat(lookedUp).hasSize(20);
        assertThat(result.hosts()).hasSize(20);
        assertThat(onlyFailure(result).permanent()).isFalse();
        assertThat(onlyFailure(result).reason())
                .isEqualTo("no mail host of bank.example took the mail: mx1.bank.example, mx2.bank.example,"
                        + " mx3.bank.example and 17 more: the DNS knows no address of the mail host;"
                        + " and 2980 more mail hosts were not tried: mailHostLimit is 20");
    }

    @Test
    void manyAddressesShouldCostNoMoreThanTheLimit() throws Exception {
        for (int number = 1; number <= 20; number++) {
            byte third = (byte) number;
            addresses.put(
                    "mx" + number + "." + DOMAIN,
                    () -> IntStream.rangeClosed(1, 12)
                            .mapToObj(fourth -> address(127, 1, third, fourth))
                            .toList());
        }

        AttemptResult result = visit(USUAL, mail().build(), manyExchanges(20));

        assertThat(result.hosts()).hasSize(50);
        assertThat(onlyFailure(result).reason())
                .endsWith("mx1.bank.example [127.1.1.3]:1 and 47 more: no connection: Connection refused;"
                        + " and 10 more addresses of mx5.bank.example and 15 more mail hosts were not tried:"
                        + " addressLimit is 50");
    }

    private static InetAddress address(int... octets) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) octets[0], (byte) octets[1], (byte) octets[2], (byte) octets[3]});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void attemptShouldEndWhenItHasTakenTooLong() throws Exception {
        List<Instant> now = new ArrayList<>(List.of(Instant.EPOCH));
        clock = () -> now.get(now.size() - 1);
        for (int number = 1; number <= 20; number++) {
            addresses.put("mx" + number + "." + DOMAIN, () -> {
                now.add(clock.instant().plus(Duration.ofMinutes(3))); // as a host does that is silent
                return List.of();
            });
        }

        AttemptResult result = visit(USUAL, mail().build(), manyExchanges(20));

        assertThat(lookedUp).hasSize(10);
        assertThat(onlyFailure(result).reason())
                .endsWith("and 10 more mail hosts were not tried: the attempt had taken 1800000 ms");
    }

    @Test
    void lastAttemptShouldTryHostsThatAreLeftAloneOtherwiseButNoMoreThanTheLimit() throws Exception {
        for (int number = 1; number <= 30; number++) {
            byte fourth = (byte) number;
            addresses.put("mx" + number + "." + DOMAIN, () -> List.of(address(127, 2, 0, fourth)));
        }
        FakeMail last = mail().state(Mail.ERROR)
                .attribute(new Attribute(DeliveryAttributes.RETRIES, AttributeValue.of(1)))
                .build();

        visit(USUAL, mail().build(), manyExchanges(30));
        AttemptResult leftAlone = visit(USUAL, mail().build(), manyExchanges(30));
        AttemptResult lastAttempt = visit(USUAL, last, manyExchanges(30));

        assertThat(leftAlone.hosts()).hasSize(20);
        assertThat(onlyFailure(leftAlone).reason()).contains("not tried again within 5000 ms after: no connection:");
        assertThat(lastAttempt.hosts()).hasSize(20);
        assertThat(onlyFailure(lastAttempt).reason())
                .doesNotContain("not tried again")
                .contains("mx3.bank.example [127.2.0.3]:1 and 17 more: no connection: Connection refused");
    }

    @Test
    void mailHostsThatThePolicyDoesNotAllowShouldNotCount() throws Exception {
        ReceivingServer allowed = host(
                "mx.hosting.example", ReceivingServer.builder().certificate(AUTHORITY.issueFor("mx.hosting.example")));
        decision = decision(PolicyTable.of(
                List.of(DomainPolicy.withDefaults(DomainName.parse(DOMAIN))
                        .withMailDelivery(
                                new MailDelivery.InboundRoute(Set.of(MailHostPattern.parse("mx.hosting.example"))))),
                OtherDomains.OPPORTUNISTIC));
        List<MailHost> hosts = new ArrayList<>(manyExchanges(3000));
        hosts.addAll(exchanges(allowed.port(), "mx.hosting.example"));

        AttemptResult result = visit(USUAL, mail().build(), hosts);

        assertThat(result.delivered()).hasSize(2);
        assertThat(lookedUp).containsExactly("mx.hosting.example");
        assertThat(result.hosts()).hasSize(21);
        assertThat(result.untried()).contains("and 2980 more mail hosts are not allowed by the policy");
    }

    @Test
    void tourShouldAskTheDnsForNothingMoreOnceTheMailIsDelivered() throws Exception {
        ReceivingServer first = host("mx0.bank.example", ReceivingServer.builder());
        List<MailHost> hosts = new ArrayList<>(exchanges(first.port(), "mx0.bank.example"));
        hosts.addAll(manyExchanges(3000));

        AttemptResult result = visit(USUAL, mail().build(), hosts);

        assertThat(result.delivered()).hasSize(2);
        assertThat(lookedUp).containsExactly("mx0.bank.example");
        assertThat(result.untried()).isEmpty();
    }

    /** What goes wrong, each as an exception and as an error. */
    private interface Trouble {
        void prepare(MailHostToursTest test, Throwing throwing) throws Exception;
    }

    /** Throws the first time that it is asked. */
    private static final class Throwing {
        private final Throwable thrown;
        private boolean over;

        private Throwing(Throwable thrown) {
            this.thrown = thrown;
        }

        void once() {
            if (!over) {
                over = true;
                Throwing.<RuntimeException>sneakily(thrown);
            }
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void sneakily(Throwable thrown) throws T {
            throw (T) thrown;
        }
    }

    static Stream<Arguments> troubles() {
        Map<String, Trouble> troubles = Map.of(
                "the look-up of the first host's addresses",
                        (test, throwing) -> {
                            Supplier<List<InetAddress>> usual = test.addresses.get("mx1.bank.example");
                            test.addresses.put("mx1.bank.example", () -> {
                                throwing.once();
                                return usual.get();
                            });
                        },
                "the handshake",
                        (test, throwing) -> test.tls = (socket, host, port, requirement) -> {
                            throwing.once();
                            return TLS.handshake(socket, host, port, requirement);
                        },
                "the last look at the policy",
                        (test, throwing) -> test.policyHolds = () -> {
                            throwing.once();
                            return true;
                        });
        return troubles.entrySet().stream()
                .flatMap(trouble -> Stream.of(
                                new IllegalStateException("thrown"),
                                new StackOverflowError("thrown"),
                                new OutOfMemoryError("thrown"))
                        .map(thrown -> Arguments.of(
                                trouble.getKey(), thrown.getClass().getSimpleName(), thrown, trouble.getValue())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("troubles")
    void whateverIsThrownAtOneHostShouldNotKeepTheMailFromTheNext(
            String where, String name, Throwable thrown, Trouble trouble) throws Exception {
        List<ReceivingServer> servers = twoHosts();
        trouble.prepare(this, new Throwing(thrown));

        AttemptResult result = visit(USUAL, mail().build(), routeTo(servers));

        assertThat(result.delivered()).hasSize(2);
        assertThat(result.failures()).isEmpty();
        assertThat(servers.get(0).messages()).isEmpty();
        assertThat(servers.get(1).messages()).hasSize(1);
        assertThat(result.hosts())
                .first()
                .satisfies(
                        attempt -> assertThat(attempt.mailHost().host().text()).isEqualTo("mx1.bank.example"));
    }

    private List<ReceivingServer> twoHosts() {
        return List.of(
                host("mx1.bank.example", ReceivingServer.builder().certificate(AUTHORITY.issueFor("mx1.bank.example"))),
                host(
                        "mx2.bank.example",
                        ReceivingServer.builder().certificate(AUTHORITY.issueFor("mx2.bank.example"))));
    }

    private static List<MailHost> routeTo(List<ReceivingServer> servers) {
        List<MailHost> hosts = new ArrayList<>();
        for (int number = 1; number <= servers.size(); number++) {
            hosts.addAll(exchanges(servers.get(number - 1).port(), "mx" + number + ".bank.example"));
        }
        return hosts;
    }

    /** Longer than what is kept in memory, so that it is read when it is sent, and there fails the first time. */
    private static MimeMessage failingWhenSent(Throwing throwing) throws Exception {
        return new MimeMessage(message("line\r\n".repeat(20_000))) {
            private int read;

            @Override
            public void writeTo(OutputStream out, String[] ignored) throws IOException, javax.mail.MessagingException {
                read++;
                if (read == 2) {
                    out.write("the beginning of the message\r\n".getBytes(StandardCharsets.US_ASCII));
                    throwing.once();
                }
                super.writeTo(out, ignored);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void whatIsThrownInsideTheMessageShouldNotKeepTheMailFromTheNextHost(Throwable thrown) throws Exception {
        List<ReceivingServer> servers = twoHosts();
        Mail mail = mail().mimeMessage(failingWhenSent(new Throwing(thrown))).build();

        AttemptResult result = visit(USUAL, mail, routeTo(servers));

        assertThat(result.delivered()).hasSize(2);
        assertThat(servers.get(0).messages()).isEmpty();
        assertThat(servers.get(1).messages()).hasSize(1);
        assertThat(servers.get(0).awaitEnded(1)).hasSize(1);
    }

    /** RFC 1047 §2: the host may have the mail, so nobody else gets it before the next attempt. */
    @ParameterizedTest
    @MethodSource("thrown")
    void whatIsThrownAfterTheWholeMessageShouldEndTheTour(Throwable thrown) throws Exception {
        List<ReceivingServer> servers = twoHosts();
        Throwing throwing = new Throwing(thrown);
        tls = (socket, host, port, requirement) -> {
            TlsConnection secured = TLS.handshake(socket, host, port, requirement);
            return new TlsConnection(
                    readingThrough(secured.socket(), () -> {
                        if (!servers.get(0).messages().isEmpty()) {
                            throwing.once();
                        }
                    }),
                    secured.negotiated(),
                    secured.presented(),
                    secured.reported(),
                    secured.clientCertificateWanted());
        };

        AttemptResult result = visit(USUAL, mail().build(), routeTo(servers));

        assertThat(servers.get(0).messages()).hasSize(1);
        assertThat(servers.get(1).transcripts()).isEmpty();
        assertThat(result.delivered()).isEmpty();
        assertThat(onlyFailure(result).permanent()).isFalse();
        assertThat(servers.get(0).awaitEnded(1)).hasSize(1);
    }

    /** A real socket, but something happens after each read. */
    private static SSLSocket readingThrough(SSLSocket socket, Runnable afterwards) {
        SSLSocket watched = Mockito.mock(SSLSocket.class, AdditionalAnswers.delegatesTo(socket));
        try {
            InputStream in = new FilterInputStream(socket.getInputStream()) {
                @Override
                public int read(byte[] octets, int offset, int length) throws IOException {
                    int read = super.read(octets, offset, length);
                    afterwards.run();
                    return read;
                }
            };
            Mockito.doReturn(in).when(watched).getInputStream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return watched;
    }

    static Stream<Throwable> thrown() {
        return Stream.of(new IllegalStateException("thrown"), new StackOverflowError(), new OutOfMemoryError("thrown"));
    }

    @Test
    void whatOneHostDoesNotTakeShouldGoToAnotherThatDoes() throws Exception {
        List<ReceivingServer> servers = List.of(
                host("mx1.bank.example", ReceivingServer.builder().offering("8BITMIME")),
                host("mx2.bank.example", ReceivingServer.builder().offering("8BITMIME", "SMTPUTF8")));

        AttemptResult result = visit(USUAL, inUtf8(), routeTo(servers));

        assertThat(result.delivered()).hasSize(2);
        assertThat(servers.get(0).messages()).isEmpty();
    }

    static Stream<Arguments> others() {
        ReceivingServer.Builder without = ReceivingServer.builder().offering("8BITMIME");
        ReceivingServer.Builder refusing =
                ReceivingServer.builder().offering("8BITMIME", "SMTPUTF8").reply(SmtpStep.MAIL, "451 4.3.0 later");
        ReceivingServer.Builder down = ReceivingServer.builder().reply(SmtpStep.GREETING, "421 4.3.2 closing");
        return Stream.of(
                Arguments.of(without, true, "5.6.7", "all hosts were asked, and none takes it"),
                Arguments.of(refusing, false, "4.3.0", "the other host may take it later"),
                Arguments.of(down, false, "4.6.7", "the other host was not asked"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("others")
    void whatNoHostTakesShouldBeForGoodOnlyWhenAllWereAsked(
            ReceivingServer.Builder other, boolean permanent, String code, String why) throws Exception {
        List<MailHost> hosts = routeTo(List.of(
                host("mx1.bank.example", ReceivingServer.builder().offering("8BITMIME")),
                host("mx2.bank.example", other)));

        for (List<MailHost> inSomeOrder : List.of(hosts, List.of(hosts.get(1), hosts.get(0)))) {
            backoff = new MailHostBackoff(Duration.ofHours(6), Clock.systemUTC());
            DeliveryFailure failure = onlyFailure(visit(USUAL, inUtf8(), inSomeOrder));

            assertThat(failure.permanent()).as(why).isEqualTo(permanent);
            assertThat(failure.enhancedCode()).as(why).isEqualTo(code);
        }
    }

    private static Mail inUtf8() throws Exception {
        return mail().mimeMessage(new MimeMessage(
                        Session.getInstance(new Properties()),
                        new ByteArrayInputStream("Subject: \u00e4\r\n\r\nbody".getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    @Test
    void everyRecipientShouldHaveAResultWhenEveryHostMeetsAnError() throws Exception {
        List<ReceivingServer> servers = twoHosts();
        tls = (socket, host, port, requirement) -> {
            throw new OutOfMemoryError("thrown");
        };

        AttemptResult result = visit(USUAL, mail().build(), routeTo(servers));

        assertThat(result.delivered()).isEmpty();
        assertThat(result.failures()).hasSize(2);
        assertThat(onlyFailure(result).enhancedCode()).isEqualTo("4.3.0");
        assertThat(onlyFailure(result).reason()).contains("internal error of the sending server");
    }

    @Test
    void recipientsWhoGotTheMailShouldBeKeptWhenALaterHostMeetsAnError() throws Exception {
        List<ReceivingServer> servers = List.of(
                host("mx1.bank.example", ReceivingServer.builder().replyToRecipient("b@" + DOMAIN, "451 4.3.0 later")),
                host("mx2.bank.example", ReceivingServer.builder()));
        addresses.put("mx2.bank.example", () -> {
            throw new OutOfMemoryError("thrown");
        });

        AttemptResult result = visit(USUAL, mail().build(), routeTo(servers));

        assertThat(result.delivered()).containsExactly(new MailAddress("a@" + DOMAIN));
        assertThat(result.failures()).containsOnlyKeys(new MailAddress("b@" + DOMAIN));
    }
}
