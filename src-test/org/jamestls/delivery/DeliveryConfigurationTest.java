package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamestls.policy.HostAndPort;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.routing.Gateway;
import org.jamestls.smtp.ConnectionLimits;
import org.jamestls.smtp.CredentialProtection;
import org.jamestls.smtp.Credentials;
import org.jamestls.smtp.SendTo;
import org.jamestls.smtp.TimeLimits;
import org.jamestls.tls.KeyExchange;
import org.jamestls.tls.TlsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryConfigurationTest {

    private static DeliveryConfiguration read(Map<String, String> parameters) throws InvalidParameterException {
        FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetName("TlsRemoteDelivery");
        parameters.forEach(config::setProperty);
        return DeliveryConfiguration.read(config.build());
    }

    @Test
    void readShouldApplyTheDocumentedDefaults() throws Exception {
        assertThat(read(Map.of()))
                .isEqualTo(new DeliveryConfiguration(
                        "outgoing-tls",
                        RetrySchedule.of(Optional.empty(), Optional.empty()),
                        0,
                        new TimeLimits(
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(3),
                                Duration.ofMinutes(10)),
                        Optional.empty(),
                        Optional.empty(),
                        SendTo.ACCEPTED_RECIPIENTS,
                        false,
                        TlsRequirement.CLEARTEXT,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "file://conf/tls-enforcement.xml",
                        Optional.empty(),
                        Optional.empty(),
                        25,
                        KeyExchange.HYBRID,
                        TlsProvider.BOUNCYCASTLE,
                        new ConnectionLimits(20, 200, 100, Duration.ofSeconds(10), Duration.ofMinutes(5)),
                        true,
                        1000,
                        new TourLimits(20, 50, Duration.ofMinutes(30)),
                        List.of()));
    }

    @Test
    void readShouldTakeEveryParameter() throws Exception {
        DeliveryConfiguration testee = read(Map.ofEntries(
                Map.entry("outgoing", "partners"),
                Map.entry("delayTime", "1 sec"),
                Map.entry("maxRetries", "2"),
                Map.entry("maxDnsProblemRetries", "3"),
                Map.entry("timeout", "1000"),
                Map.entry("messageTimeout", "11 minutes"),
                Map.entry("greetingTimeout", "12 seconds"),
                Map.entry("connectiontimeout", "2000"),
                Map.entry("bounceProcessor", "bounces"),
                Map.entry("onSuccess", "delivered"),
                Map.entry("sendpartial", "False"),
                Map.entry("usePriority", "true"),
                Map.entry("startTLS", "true"),
                Map.entry("loadBalancing", "false"),
                Map.entry("heloName", "mail.sender.example"),
                Map.entry("bind", "127.0.0.2"),
                Map.entry("gateway", "gw1.example, gw2.example:2525, [2001:db8::1]:26"),
                Map.entry("gatewayPort", "587"),
                Map.entry("gatewayusername", "james"),
                Map.entry("gatewayPassword", "secret"),
                Map.entry("gatewayCertificateValidation", "relaxed"),
                Map.entry("policy", "file://conf/other.xml"),
                Map.entry("trustedRoots", "file://conf/roots.pem"),
                Map.entry("additionalRoots", "conf/partner.pem"),
                Map.entry("smtpPort", "2525"),
                Map.entry("keyExchange", "classical"),
                Map.entry("tlsProvider", "bouncycastle"),
                Map.entry("maxConnectionsPerHost", "5"),
                Map.entry("maxConnections", "50"),
                Map.entry("maxMailsPerConnection", "10"),
                Map.entry("connectionIdleTime", "2 seconds"),
                Map.entry("chunking", "false"),
                Map.entry("queueWindow", "300"),
                Map.entry("mailHostLimit", "1000"),
                Map.entry("addressLimit", "7")));

        assertThat(testee)
                .isEqualTo(new DeliveryConfiguration(
                        "partners",
                        new RetrySchedule(List.of(Duration.ofSeconds(1), Duration.ofSeconds(1))),
                        3,
                        new TimeLimits(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(12),
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(11)),
                        Optional.of("bounces"),
                        Optional.of("delivered"),
                        SendTo.ALL_OR_NONE,
                        true,
                        TlsRequirement.OPPORTUNISTIC,
                        Optional.of("mail.sender.example"),
                        Optional.of(IpAddress.parse("127.0.0.2")),
                        Optional.of(new Gateway(
                                List.of(
                                        HostAndPort.parse("gw1.example", 587),
                                        HostAndPort.parse("gw2.example", 2525),
                                        HostAndPort.parse("[2001:db8::1]", 26)),
                                Optional.of(new Credentials("james", "secret", CredentialProtection.RELAXED)),
                                false)),
                        "file://conf/other.xml",
                        Optional.of("file://conf/roots.pem"),
                        Optional.of("file://conf/partner.pem"),
                        2525,
                        KeyExchange.CLASSICAL,
                        TlsProvider.BOUNCYCASTLE,
                        new ConnectionLimits(5, 50, 10, Duration.ofSeconds(2), Duration.ofMinutes(5)),
                        false,
                        300,
                        new TourLimits(1000, 7, Duration.ofSeconds(20)),
                        testee.notices()));
        assertThat(testee.notices())
                .singleElement()
                .extracting(StartUpNotice::text)
                .asString()
                .startsWith("gatewayCertificateValidation=relaxed");
    }

    @Test
    void readShouldTakeMailPropertiesThatStandForParameters() throws Exception {
        DeliveryConfiguration testee = read(Map.of(
                "mail.smtp.timeout", "1000",
                "mail.smtp.connectiontimeout", "2000",
                "mail.smtp.localhost", "mail.sender.example",
                "mail.smtp.localaddress", "127.0.0.2",
                "mail.smtp.starttls.enable", "true"));

        assertThat(testee.limits().reply()).isEqualTo(Duration.ofSeconds(1));
        assertThat(testee.limits().connect()).isEqualTo(Duration.ofSeconds(2));
        assertThat(testee.heloName()).contains("mail.sender.example");
        assertThat(testee.bind()).contains(IpAddress.parse("127.0.0.2"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout=1000             | PT10M | 0 | a host has 10 minutes for the reply to a message (RFC 5321)",
                "timeout=900000           | PT15M | 0 | or as long as for any other reply, where that is more",
                "messageTimeout=10 min    | PT10M | 0 | said",
                "messageTimeout=600000    | PT10M | 0 | a bare number is milliseconds, as for connectionIdleTime",
                "messageTimeout=9 minutes | PT9M  | 1 | with a caution: mail may be doubled",
            })
    void readShouldGiveTheReplyToAMessageItsTime(String parameter, Duration length, int cautions, String why)
            throws Exception {
        String[] nameAndValue = parameter.split("=");
        DeliveryConfiguration testee = read(Map.of(nameAndValue[0], nameAndValue[1]));

        assertThat(testee.limits().message()).as(why).isEqualTo(length);
        assertThat(testee.notices()).as(why).hasSize(cautions).allMatch(StartUpNotice::warning);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout=60000            | PT30S | a host that is there greets soon",
                "timeout=20000            | PT20S | or as long as for any other reply, where that is less",
                "greetingTimeout=5 min    | PT5M  | said: what RFC 5321, 4.5.3.2.1, would give it",
                "greetingTimeout=500      | PT0.5S | a bare number is milliseconds",
            })
    void readShouldGiveTheGreetingItsTime(String parameter, Duration length, String why) throws Exception {
        String[] nameAndValue = parameter.split("=");

        assertThat(read(Map.of(nameAndValue[0], nameAndValue[1])).limits().greeting())
                .as(why)
                .isEqualTo(length);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(Map.of("onMailetException", "ignore"), "onMailetException=ignore would hand mail to"),
                Arguments.of(Map.of("onMatchException", "nomatch"), "onMatchException=nomatch would hand mail to"),
                Arguments.of(Map.of("onMatchException", "NoMatch"), "onMatchException=nomatch would hand mail to"),
                Arguments.of(
                        Map.of("mail.smtp.ssl.trust", "*"), "is not accepted: name the roots of strong validation"),
                Arguments.of(Map.of("mail.smtp.socketFactory", "x"), "mail.smtp.socketFactory is not accepted"),
                Arguments.of(
                        Map.of("mail.smtp.proxy.host", "x"),
                        "mail.smtp.proxy.host is not accepted: it could weaken a TLS policy or has no meaning here"),
                Arguments.of(Map.of("mail.smtps.ssl.trust", "*"), "mail.smtps.ssl.trust is not accepted"),
                Arguments.of(
                        Map.of("mail.smtp.starttls.enable", "false"),
                        "mail.smtp.starttls.enable=false is not accepted; write true or leave it out"),
                Arguments.of(
                        Map.of("mail.smtp.ssl.checkserveridentity", "false"),
                        "mail.smtp.ssl.checkserveridentity=false is not accepted"),
                Arguments.of(Map.of("trustedRoot", "x"), "trustedRoot is not a parameter of TlsRemoteDelivery"),
                Arguments.of(Map.of("maxRetries", "many"), "maxRetries: 'many' is not a whole number"),
                Arguments.of(Map.of("maxRetries", "-1"), "maxRetries: '-1' is not a whole number"),
                Arguments.of(Map.of("delayTime", "5 parsecs"), "delayTime: '5 parsecs' is not a delay"),
                Arguments.of(Map.of("timeout", "0"), "timeout: '0' is not a whole number from 1"),
                Arguments.of(Map.of("timeout", "3 min"), "timeout: '3 min' is not a whole number"),
                Arguments.of(
                        Map.of("connectionTimeout", "1", "connectiontimeout", "2"),
                        "connectionTimeout and connectiontimeout differ"),
                Arguments.of(Map.of("bind", "localhost"), "bind: 'localhost' is not an IP address"),
                Arguments.of(Map.of("smtpPort", "65536"), "smtpPort: '65536' is not a whole number from 1 to 65535"),
                Arguments.of(
                        Map.of("keyExchange", "quantum"), "keyExchange: 'quantum' is not a value; write hybrid or"),
                Arguments.of(
                        Map.of("tlsProvider", "openssl"),
                        "tlsProvider: 'openssl' is not a value; write bouncycastle or"),
                Arguments.of(Map.of("tlsProvider", "jdk", "keyExchange", "hybrid"), "keyExchange has no effect with"),
                Arguments.of(Map.of("maxConnections", "0"), "maxConnections: '0' is not a whole number from 1"),
                Arguments.of(Map.of("mailHostLimit", "0"), "mailHostLimit: '0' is not a whole number from 1 to 1000"),
                Arguments.of(Map.of("mailHostLimit", "1001"), "mailHostLimit: '1001' is not a whole number"),
                Arguments.of(Map.of("addressLimit", "0"), "addressLimit: '0' is not a whole number from 1 to 10000"),
                Arguments.of(Map.of("connectionIdleTime", "soon"), "connectionIdleTime: 'soon' is not a time; write"),
                Arguments.of(Map.of("messageTimeout", "0"), "messageTimeout: write 1 millisecond to 1 day"),
                Arguments.of(
                        Map.of("greetingTimeout", "0"),
                        "greetingTimeout: write 1 millisecond to 1 day, such as 30 seconds"),
                Arguments.of(Map.of("greetingTimeout", "soon"), "greetingTimeout: 'soon' is not a time; write one"),
                Arguments.of(Map.of("messageTimeout", "2 days"), "messageTimeout: write 1 millisecond to 1 day"),
                Arguments.of(Map.of("messageTimeout", "long"), "messageTimeout: 'long' is not a time; write one"),
                Arguments.of(Map.of("chunking", "maybe"), "chunking: 'maybe' is not a value; write true or false"),
                Arguments.of(Map.of("connectionIdleTime", "-1 s"), "connectionIdleTime: '-1 s' is not a time"),
                Arguments.of(Map.of("gateway", "gw,,gw2"), "gateway: an entry of the list is empty"),
                Arguments.of(Map.of("gateway", "-x-"), "gateway: '-x-' is not a domain name"),
                Arguments.of(
                        Map.of("sslTrustAllCerts", "true"),
                        "write <certificateValidation>relaxed</certificateValidation> for the domains"),
                Arguments.of(Map.of("startTLS", "maybe"), "startTLS: 'maybe' is not a value; write true or false"),
                Arguments.of(Map.of("sendpartial", "1"), "sendpartial: '1' is not a value; write true or false"),
                Arguments.of(
                        Map.of("mail.smtp.starttls.required", "yes"),
                        "mail.smtp.starttls.required=yes is not accepted; write true or false"),
                Arguments.of(
                        Map.of("mail.smtps.ssl.checkserveridentity", "false"),
                        "mail.smtps.ssl.checkserveridentity=false is not accepted; write true"),
                Arguments.of(
                        Map.of("mail.smtp.timeout", "1", "mail.smtps.timeout", "2"),
                        "mail.smtp.timeout and mail.smtps.timeout differ"),
                Arguments.of(
                        Map.of("mail.smtps.ssl.protocols", "TLSv1"),
                        "mail.smtps.ssl.protocols is not accepted: TLS 1.3 and 1.2 are offered"),
                Arguments.of(
                        Map.of("mail.smtp.ssl.socketFactory.class", "x"),
                        "mail.smtp.ssl.socketFactory.class is not accepted: it would take the place of certificate"),
                Arguments.of(Map.of("mail.smtp.port", "26"), "mail.smtp.port is not accepted: write <smtpPort>"),
                Arguments.of(Map.of("mail.smtp.mailextension", "X"), "mail.smtp.mailextension is not accepted"),
                Arguments.of(Map.of("mail.smtp.auth.mechanisms", "PLAIN"), "mail.smtp.auth.mechanisms is not accepted"),
                Arguments.of(Map.of("mail.smtp.sasl.mechanisms", "PLAIN"), "mail.smtp.sasl.mechanisms is not accepted"),
                Arguments.of(
                        Map.of("gateway", "gw", "gatewayUsername", "james"),
                        "gatewayUsername and gatewayPassword go together"),
                Arguments.of(
                        Map.of("gatewayCertificateValidation", "none"),
                        "gatewayCertificateValidation: 'none' is not a value; write strong or relaxed"),
                Arguments.of(
                        Map.of("gateway", "gw", "gatewayCertificateValidation", "RELAXED"),
                        "gatewayCertificateValidation: 'RELAXED' is not a value; write strong or relaxed"),
                Arguments.of(Map.of("outgoing", " "), "outgoing is empty"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void readShouldRefuse(Map<String, String> parameters, String message) {
        assertThatThrownBy(() -> read(parameters))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(message);
    }

    @Test
    void readShouldNotShowThePassword() throws Exception {
        assertThat(read(Map.of("gateway", "gw", "gatewayUsername", "james", "gatewayPassword", "secret"))
                        .toString())
                .doesNotContain("secret");
    }

    static Stream<Arguments> leastTls() {
        TlsRequirement verified = new TlsRequirement.Verified(Set.of());
        return Stream.of(
                Arguments.of(Map.of("startTLS", "false"), TlsRequirement.CLEARTEXT, "asks for nothing"),
                Arguments.of(Map.of("startTLS", "TRUE"), TlsRequirement.OPPORTUNISTIC, "STARTTLS when offered"),
                Arguments.of(
                        Map.of("mail.smtp.starttls.enable", "true"),
                        TlsRequirement.OPPORTUNISTIC,
                        "what startTLS=true stands for"),
                Arguments.of(
                        Map.of("startTLS", "true", "verifyServerIdentity", "true"),
                        TlsRequirement.OPPORTUNISTIC,
                        "who strips STARTTLS escapes verification anyway"),
                Arguments.of(
                        Map.of("mail.smtp.starttls.required", "true"),
                        verified,
                        "RemoteDelivery checks chain and name by default"),
                Arguments.of(Map.of("sslEnable", "true"), verified, "never in the clear, checked by default"),
                Arguments.of(Map.of("mail.smtps.ssl.enable", "true"), verified, "what sslEnable=true stands for"),
                Arguments.of(
                        Map.of("sslEnable", "true", "verifyServerIdentity", "false"),
                        TlsRequirement.ENCRYPTED,
                        "TLS without identity"),
                Arguments.of(
                        Map.of(
                                "mail.smtp.starttls.required",
                                "true",
                                "verifyServerIdentity",
                                "false",
                                "mail.smtp.ssl.checkserveridentity",
                                "true"),
                        verified,
                        "the property wins, as in RemoteDelivery"),
                Arguments.of(Map.of("sslTrustAllCerts", "false"), TlsRequirement.CLEARTEXT, "asks for nothing"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("leastTls")
    void readShouldTurnTlsParametersIntoTheLeastForOtherDomains(
            Map<String, String> parameters, TlsRequirement least, String why) throws Exception {
        assertThat(read(parameters).leastTls()).as(why).isEqualTo(least);
    }

    static Stream<Arguments> notices() {
        return Stream.of(
                Arguments.of("deliveryThreads", "10", "deliveryThreads has no effect"),
                Arguments.of("outgoingQueue", "outgoing", "outgoingQueue has no effect: <outgoing> names the queue"),
                Arguments.of("debug", "true", "debug has no effect"),
                Arguments.of("startTLS", "false", "startTLS=false has no effect: the policy file says"),
                Arguments.of(
                        "verifyServerIdentity", "true", "verifyServerIdentity=true has no effect where TLS is not"),
                Arguments.of("verifyServerIdentity", "false", "verifyServerIdentity=false concerns domains without"),
                Arguments.of("sslEnable", "true", "TLS from the first octet on, as on port 465, is not spoken"),
                Arguments.of("mail.smtp.starttls.required", "true", "domains without a policy get mail over TLS alone"),
                Arguments.of("mail.smtp.chunksize", "1000", "mail.smtp.chunksize has no effect"),
                Arguments.of("mail.smtps.from", "a@sender.example", "mail.smtps.from has no effect"),
                Arguments.of("mail.debug", "true", "mail.debug has no effect"),
                Arguments.of("gatewayUsername", "james", "gatewayUsername has no effect: there is no gateway"),
                Arguments.of("gatewayPort", "587", "gatewayPort has no effect: there is no gateway"),
                Arguments.of(
                        "gatewayCertificateValidation",
                        "relaxed",
                        "gatewayCertificateValidation has no effect: there is no gateway"));
    }

    @ParameterizedTest(name = "{0}={1}")
    @MethodSource("notices")
    void startUpShouldSayWhatDoesNotApply(String parameter, String value, String notice) throws Exception {
        assertThat(read(Map.of(parameter, value)).notices())
                .extracting(StartUpNotice::text)
                .anySatisfy(text -> assertThat(text).contains(notice));
    }

    static Stream<Arguments> gatewayNotices() {
        return Stream.of(
                Arguments.of(
                        true, "", false, "the gateway gets credentials, and with them mail, over TLS with a verified"),
                Arguments.of(true, "strong", false, "the gateway gets credentials, and with them mail, over TLS with"),
                Arguments.of(
                        true, "relaxed", true, "gatewayCertificateValidation=relaxed: where the policy file asks for"),
                Arguments.of(false, "strong", false, "gatewayCertificateValidation has no effect: a gateway without"),
                Arguments.of(false, "relaxed", false, "gatewayCertificateValidation has no effect: a gateway without"));
    }

    @ParameterizedTest(name = "credentials {0}, {1}: {3}")
    @MethodSource("gatewayNotices")
    void startUpShouldSayWhatAGatewayHasToProve(boolean credentials, String validation, boolean warning, String notice)
            throws Exception {
        Map<String, String> parameters = new HashMap<>(Map.of("gateway", "gw", "loadBalancing", "true"));
        if (credentials) {
            parameters.putAll(Map.of("gatewayUsername", "james", "gatewayPassword", "secret"));
        }
        if (!validation.isEmpty()) {
            parameters.put("gatewayCertificateValidation", validation);
        }

        assertThat(read(parameters).notices()).singleElement().satisfies(found -> {
            assertThat(found.warning()).isEqualTo(warning);
            assertThat(found.text()).startsWith(notice).doesNotContain("secret");
        });
    }

    @Test
    void credentialsShouldBeForProvenGatewaysByDefault() throws Exception {
        assertThat(read(Map.of("gateway", "gw", "gatewayUsername", "james", "gatewayPassword", "secret"))
                        .gateway())
                .flatMap(Gateway::credentials)
                .map(Credentials::protection)
                .contains(CredentialProtection.STRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"debug", "sslEnable", "sslTrustAllCerts", "usePriority"})
    void startUpShouldSayNothingAboutAParameterThatAsksForNothing(String parameter) throws Exception {
        assertThat(read(Map.of(parameter, "false")).notices()).isEmpty();
    }

    @Test
    void readShouldTakeThePropertyBeforeTheParameter() throws Exception {
        assertThat(read(Map.of("sendpartial", "true", "mail.smtp.sendpartial", "false"))
                        .sendTo())
                .isEqualTo(SendTo.ALL_OR_NONE);
    }

    @Test
    void readShouldTakePropertiesOfSmtps() throws Exception {
        assertThat(read(Map.of("mail.smtps.timeout", "1000")).limits().reply()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void gatewayShouldBalanceItsLoadByDefault() throws Exception {
        assertThat(read(Map.of("gateway", "gw1.example, gw2.example")).gateway())
                .map(Gateway::loadBalancing)
                .contains(true);
    }
}
