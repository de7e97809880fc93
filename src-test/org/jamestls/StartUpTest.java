package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** What keeps James's mailet container from starting, with the message that says what to write instead. */
class StartUpTest {

    private static final String ENFORCED = "org.jamestls.TlsEnforced";
    private static final String PLAIN = "<mailet match='All' class='RemoteDelivery'/>";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(TlsRemoteDelivery.class);

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy("<domain name='bank.example'/>");
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void tearDown() {
        logger.detachAppender(log);
        stage.close();
    }

    private void start(String mailets) throws Exception {
        MailetContainer.startWith(stage.directory(), stage.dns, mailets).close();
    }

    /** Starts with a root that sends all mail to the processor {@code transport}. */
    private void startProcessors(String transport, String others) throws Exception {
        MailetContainer.startProcessors(
                        stage.directory(),
                        stage.dns,
                        processor("root", to("transport")) + processor("transport", transport) + others)
                .close();
    }

    private static String processor(String name, String mailets) {
        return "<processor state='" + name + "'>" + mailets + "</processor>";
    }

    private static String to(String processor) {
        return "<mailet match='All' class='ToProcessor'><processor>" + processor + "</processor></mailet>";
    }

    static Stream<Arguments> containers() {
        return Stream.of(
                Arguments.of(
                        MailetContainer.ours(ENFORCED, Map.of("outgoing", "outgoing"))
                                + "<mailet match='All' class='RemoteDelivery'/>",
                        "the queue 'outgoing' is also read by RemoteDelivery in processor 'transport'"),
                Arguments.of(
                        MailetContainer.ours(ENFORCED, Map.of("onMailetException", "ignore")),
                        "onMailetException=ignore would hand mail to the mailets that follow"),
                Arguments.of(
                        MailetContainer.ours(ENFORCED, Map.of("onMatchException", "nomatch")),
                        "onMatchException=nomatch would hand mail to the mailets that follow"),
                Arguments.of(
                        MailetContainer.ours(ENFORCED, Map.of("mail.smtp.ssl.trust", "*")),
                        "mail.smtp.ssl.trust is not accepted"),
                Arguments.of(
                        MailetContainer.ours(ENFORCED, Map.of("trustedRoots", "file://conf/missing.pem")),
                        "trustedRoots: "),
                Arguments.of(MailetContainer.ours(ENFORCED + "=file://conf/other.xml", Map.of()), "conf/other.xml"),
                Arguments.of(MailetContainer.ours("All", Map.of("policy", "file://conf/other.xml")), "conf/other.xml"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("containers")
    void startShouldBeRefused(String mailets, String message) {
        assertThatThrownBy(() -> start(mailets)).rootCause().hasMessageContaining(message);
    }

    static Stream<Arguments> badFiles() {
        return Stream.of(
                Arguments.of("<domain name='bank.example'>", "malformed XML"),
                Arguments.of("<domian name='bank.example'/>", "an unknown element"),
                Arguments.of(
                        "<domain name='bank.example'><certificateValidation>lax</certificateValidation></domain>",
                        "an unknown value"),
                Arguments.of("<domain name='-bank-.example'/>", "an invalid domain name"),
                Arguments.of("<domain name='bank.example'/><domain name='BANK.example'/>", "a domain listed twice"),
                Arguments.of(
                        "<domain name='bank.example'><excludedSubDomains><subDomain>shop.example</subDomain>"
                                + "</excludedSubDomains></domain>",
                        "an excluded name that is not below its domain"),
                Arguments.of(
                        "<domain name='bank.example'><certificateValidation>relaxed</certificateValidation>"
                                + "<trustedCommonNames><commonName>x</commonName></trustedCommonNames></domain>",
                        "trusted common names under relaxed validation"),
                Arguments.of(
                        "<domain name='bank.example'><staticRoute>a.example</staticRoute></domain>",
                        "a static route without staticRoute delivery"),
                Arguments.of(
                        "<domain name='bank.example'><mailDelivery>staticRoute</mailDelivery></domain>",
                        "staticRoute delivery without a static route"),
                Arguments.of(
                        "<domain name='bank.example'><mailDelivery>staticRoute</mailDelivery>"
                                + "<staticRoute>a.example:smtp</staticRoute></domain>",
                        "a route that does not parse"),
                Arguments.of("<domain name='&lt;'/>]]>", "text that XML forbids"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badFiles")
    void startShouldBeRefusedWithFileLineAndColumn(String elements, String why) throws Exception {
        stage.policy(elements);

        assertThatThrownBy(() -> start(MailetContainer.ours(ENFORCED, Map.of())))
                .rootCause()
                .hasMessageMatching("(?s).*tls-enforcement\\.xml:1:\\d+: .*");
    }

    @Test
    void startShouldBeRefusedWithoutAPolicyFile() throws Exception {
        Files.delete(stage.directory().resolve("conf/tls-enforcement.xml"));

        assertThatThrownBy(() -> start(MailetContainer.ours(ENFORCED, Map.of())))
                .rootCause()
                .hasMessageContaining("tls-enforcement.xml");
    }

    static Stream<String> locations() {
        return Stream.of("conf/other.%s", "file://conf/other.%s", "@/conf/other.%s", "file://@/conf/other.%s");
    }

    @ParameterizedTest
    @MethodSource("locations")
    void fileShouldBeNamedByItsPathOrItsUrl(String location) throws Exception {
        Path conf = stage.directory().resolve("conf");
        Files.copy(conf.resolve("tls-enforcement.xml"), conf.resolve("other.xml"));
        Files.copy(conf.resolve("roots.pem"), conf.resolve("other.pem"));
        String file = location.replace("@", stage.directory().toString());
        Map<String, String> parameters = Map.of("policy", file.formatted("xml"), "trustedRoots", file.formatted("pem"));

        assertThatCode(() -> start(MailetContainer.ours(ENFORCED + "=" + file.formatted("xml"), parameters)))
                .doesNotThrowAnyException();
        assertThatCode(() -> start(MailetContainer.ours("All", parameters))).doesNotThrowAnyException();
    }

    @Test
    void startShouldGoWellWithTheDefaults() {
        assertThatCode(() -> start(
                        MailetContainer.ours(ENFORCED, Map.of()) + "<mailet match='All' class='RemoteDelivery'/>"))
                .doesNotThrowAnyException();
    }

    static Stream<Arguments> processors() {
        return Stream.of(
                Arguments.of(
                        MailetContainer.ours(ENFORCED, Map.of("bounceProcessor", "clear")),
                        processor("error", "") + processor("clear", PLAIN),
                        "clear (bounceProcessor of TlsRemoteDelivery)"),
                Arguments.of(
                        MailetContainer.ours(ENFORCED, Map.of()),
                        processor("error", to("clear")) + processor("clear", PLAIN),
                        "error (onMailetException of TlsRemoteDelivery) > clear (ToProcessor)"),
                Arguments.of(
                        MailetContainer.ours(ENFORCED, Map.of("onSuccess", "clear")),
                        processor("error", "") + processor("clear", PLAIN),
                        "clear (onSuccess of TlsRemoteDelivery)"),
                Arguments.of(
                        composite("Or", ENFORCED + "=file://conf/tls-enforcement.xml", ENFORCED + "=file://conf/b.xml")
                                + MailetContainer.ours("composed", Map.of()),
                        processor("error", ""),
                        "conf/b.xml"));
    }

    private static String composite(String kind, String... matchers) {
        return "<matcher name='composed' match='org.apache.james.mailetcontainer.impl.matchers." + kind + "'>"
                + Stream.of(matchers)
                        .map(matcher -> "<matcher match='" + matcher + "'/>")
                        .collect(Collectors.joining())
                + "</matcher>";
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("processors")
    void startShouldBeRefusedWhereMailWouldLeavePastItsPolicy(String transport, String others, String message)
            throws Exception {
        Files.writeString(stage.directory().resolve("conf/b.xml"), "<tlsEnforcement/>");

        assertThatThrownBy(() -> startProcessors(transport, others)).rootCause().hasMessageContaining(message);
    }

    static Stream<Arguments> passedBy() {
        return Stream.of(
                Arguments.of(PLAIN + MailetContainer.ours(ENFORCED, Map.of()), "via root > transport (ToProcessor);"),
                Arguments.of(to("clear") + MailetContainer.ours(ENFORCED, Map.of()), "> clear (ToProcessor);"),
                Arguments.of(
                        composite("Not", ENFORCED) + MailetContainer.ours("composed", Map.of()) + PLAIN,
                        "past TlsRemoteDelivery for Not(org.jamestls.TlsEnforced);"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("passedBy")
    void startShouldWarnOfMailThatPassesTheMailetBy(String transport, String text) throws Exception {
        startProcessors(transport, processor("error", "") + processor("clear", PLAIN));

        assertThat(warnings())
                .singleElement(STRING)
                .contains("can leave past it")
                .contains(text);
    }

    @Test
    void startShouldNotWarnOfTheUsualConfiguration() throws Exception {
        startProcessors(
                MailetContainer.ours(ENFORCED, Map.of("bounceProcessor", "bounces")) + PLAIN,
                processor("error", "") + processor("bounces", ""));

        assertThat(warnings()).isEmpty();
    }

    @Test
    void startShouldTakeAMatcherWithASpaceBehindItsEqualsSign() {
        assertThatCode(() -> start(MailetContainer.ours(ENFORCED + "= file://conf/tls-enforcement.xml", Map.of())))
                .doesNotThrowAnyException();
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
