package org.jamestls.policyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamestls.policy.PolicyTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class LivePolicyTest {

    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration NEVER = Duration.ofDays(1);
    private static final String BROKEN = "<tlsEnforcement><domain name='a.example'>";

    /** A clock that stands until it is moved. */
    private static final class SetClock extends Clock {
        private Instant now = START;

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final SetClock clock = new SetClock();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LivePolicy.class);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void setUp() throws IOException {
        file = directory.resolve("tls-enforcement.xml");
        write("a.example");
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void tearDown() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private static String listing(String... domains) {
        return Stream.of(domains)
                .map(domain -> "<domain name='" + domain + "'/>")
                .collect(Collectors.joining("\n", "<tlsEnforcement>\n", "\n</tlsEnforcement>\n"));
    }

    private void write(String... domains) throws IOException {
        Files.writeString(file, listing(domains));
    }

    private LivePolicy open() throws PolicyFileException {
        LivePolicy policy = LivePolicy.open(file, NEVER, clock);
        log.list.clear();
        return policy;
    }

    private static List<String> domains(PolicyTable table) {
        return table.policies().stream().map(policy -> policy.domain().text()).toList();
    }

    private List<String> logged() {
        return log.list.stream()
                .map(event ->
                        event.getLevel() + " " + event.getFormattedMessage().replace(file.toString(), "FILE"))
                .toList();
    }

    @Test
    void openShouldReadTheFileAndSaySo() throws Exception {
        try (LivePolicy testee = LivePolicy.open(file, NEVER, clock)) {
            assertThat(domains(testee.current())).containsExactly("a.example");
            assertThat(testee.state()).isEqualTo(new PolicyFileState.UpToDate(START));
            assertThat(testee.file()).isEqualTo(file);
            assertThat(logged())
                    .containsExactly("INFO Policy file FILE read: 1 domains listed, other domains opportunistic");
        }
    }

    @Test
    void openShouldThrowWhenTheFileIsRejected() throws IOException {
        Files.writeString(file, "<tlsEnforcement>\n  <domian/>\n</tlsEnforcement>");

        assertThatThrownBy(() -> LivePolicy.open(file))
                .isInstanceOf(PolicyFileException.class)
                .hasMessage(file + ":2:3: unknown element <domian> here; write <domain> or <otherDomains>");
    }

    @Test
    void openShouldThrowWhenTheFileIsMissing() throws IOException {
        Files.delete(file);

        assertThatThrownBy(() -> LivePolicy.open(file)).hasMessageContaining("the file is missing");
    }

    @Test
    void refreshShouldKeepTheInstanceWhenTheFileIsTheSame() throws Exception {
        try (LivePolicy testee = open()) {
            PolicyTable before = testee.current();
            clock.advance(Duration.ofSeconds(10));
            Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(5)));

            assertThat(testee.refresh()).isEqualTo(new PolicyFileState.UpToDate(START));
            assertThat(testee.current()).isSameAs(before);
            assertThat(logged()).isEmpty();
        }
    }

    @Test
    void refreshShouldTakeUpAChangeWhenSizeAndTimeStayTheSame() throws Exception {
        try (LivePolicy testee = open()) {
            FileTime time = Files.getLastModifiedTime(file);
            write("b.example");
            Files.setLastModifiedTime(file, time);
            clock.advance(Duration.ofSeconds(10));

            assertThat(testee.refresh()).isEqualTo(new PolicyFileState.UpToDate(START.plusSeconds(10)));
            assertThat(domains(testee.current())).containsExactly("b.example");
        }
    }

    @Test
    void refreshShouldFollowSymbolicLinksAsKubernetesSetsThem() throws Exception {
        Path first = Files.createDirectory(directory.resolve("..2026_1"));
        Path second = Files.createDirectory(directory.resolve("..2026_2"));
        Files.writeString(first.resolve("policy.xml"), listing("a.example"));
        Files.writeString(second.resolve("policy.xml"), listing("b.example"));
        Path data = Files.createSymbolicLink(directory.resolve("..data"), first.getFileName());
        Path mounted = Files.createSymbolicLink(directory.resolve("policy.xml"), Path.of("..data/policy.xml"));
        try (LivePolicy testee = LivePolicy.open(mounted, NEVER, clock)) {
            Path swapped = Files.createSymbolicLink(directory.resolve("..data_tmp"), second.getFileName());
            Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            testee.refresh();

            assertThat(domains(testee.current())).containsExactly("b.example");
        }
    }

    @Test
    void aDaemonThreadShouldTakeUpAChange() throws Exception {
        List<Thread> ofOtherTests = watchers();
        try (LivePolicy testee = LivePolicy.open(file, Duration.ofMillis(5), clock)) {
            write("b.example");

            await().untilAsserted(() -> assertThat(domains(testee.current())).containsExactly("b.example"));
            assertThat(watchers())
                    .allMatch(Thread::isDaemon)
                    .anySatisfy(watcher -> assertThat(ofOtherTests).doesNotContain(watcher));
        }
        await().untilAsserted(() -> assertThat(watchers()).isSubsetOf(ofOtherTests));
    }

    private static List<Thread> watchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tls-enforcement-policy"))
                .toList();
    }

    static Stream<Arguments> rejectedContents() {
        return Stream.of(
                Arguments.of(BROKEN, "malformed XML", "truncated while it is written"),
                Arguments.of("", "the file is empty", "emptied before it is written"),
                Arguments.of(listing("a.example", "a.example"), "a.example is listed twice", "a mistake"),
                Arguments.of(null, "the file is missing", "gone"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("rejectedContents")
    void refreshShouldKeepThePolicyWhenTheFileIsRejected(String content, String error, String why) throws Exception {
        try (LivePolicy testee = open()) {
            PolicyTable before = testee.current();
            replace(content);
            clock.advance(Duration.ofSeconds(10));
            testee.refresh();

            assertThat(testee.current()).isSameAs(before);
            assertThat(testee.state().upToDate()).isFalse();
            assertThat(testee.state().since()).isEqualTo(START.plusSeconds(10));
            assertThat(testee.state().errors()).singleElement().asString().contains(error);
            assertThat(logged())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR Policy file FILE is rejected; the policy that it had before stays in force")
                    .contains(error);
        }
    }

    private void replace(String content) throws IOException {
        if (content == null) {
            Files.delete(file);
        } else {
            Files.writeString(file, content);
        }
    }

    @Test
    void refreshShouldRepeatTheErrorEveryHourAndWhenItChanges() throws Exception {
        try (LivePolicy testee = open()) {
            Files.writeString(file, BROKEN);
            testee.refresh();
            clock.advance(Duration.ofMinutes(59));
            testee.refresh();
            assertThat(log.list).as("the same error within the hour").hasSize(1);

            clock.advance(Duration.ofMinutes(1));
            testee.refresh();
            assertThat(log.list).as("the same error after an hour").hasSize(2);

            Files.delete(file);
            testee.refresh();
            assertThat(log.list).as("another error").hasSize(3);
            assertThat(testee.state().since()).as("rejected ever since").isEqualTo(START);
        }
    }

    @Test
    void refreshShouldTellTheRealErrorsAgainWhenTheFileWasGoneBetween() throws Exception {
        try (LivePolicy testee = open()) {
            Files.writeString(file, BROKEN);
            testee.refresh();
            List<PolicyFileError> errors = testee.state().errors();
            Files.delete(file);
            testee.refresh();
            assertThat(testee.state().errors()).isNotEqualTo(errors);
            log.list.clear();

            Files.writeString(file, BROKEN);
            testee.refresh();
            testee.refresh();

            assertThat(testee.state().errors()).isEqualTo(errors);
            assertThat(logged()).singleElement().asString().contains("FILE:1:").doesNotContain("missing");
        }
    }

    @Test
    void refreshShouldSayThatTheFileIsMendedWhenItSaysWhatItSaidBefore() throws Exception {
        try (LivePolicy testee = open()) {
            PolicyTable before = testee.current();
            Files.writeString(file, BROKEN);
            testee.refresh();
            log.list.clear();
            clock.advance(Duration.ofSeconds(10));
            write("a.example");

            assertThat(testee.refresh()).isEqualTo(new PolicyFileState.UpToDate(START.plusSeconds(10)));
            assertThat(testee.current()).isSameAs(before);
            assertThat(logged()).containsExactly("WARN Policy file FILE is mended: it is in force again");
        }
    }

    @Test
    void refreshShouldTellTheSameErrorAnewWhenTheFileWasMendedBetween() throws Exception {
        try (LivePolicy testee = open()) {
            Files.writeString(file, BROKEN);
            testee.refresh();
            write("b.example");
            testee.refresh();
            Files.writeString(file, BROKEN);
            log.list.clear();
            testee.refresh();

            assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR);
            assertThat(domains(testee.current())).containsExactly("b.example");
        }
    }

    @Test
    void refreshShouldNameWhatChanges() throws Exception {
        Files.writeString(file, """
                <tlsEnforcement>
                  <domain name="gone.example"/>
                  <domain name="stays.example"/>
                  <domain name="weaker.example"/>
                  <domain name="stronger.example"><certificateValidation>relaxed</certificateValidation></domain>
                  <domain name="routed.example"/>
                 <domain name="mixed.example">
                   <trustedCommonNames>
                     <commonName>mx.a.example</commonName>
                     <commonName>mx.b.example</commonName>
                   </trustedCommonNames>
                 </domain>
                </tlsEnforcement>
                """);
        try (LivePolicy testee = open()) {
            Files.writeString(file, """
                    <tlsEnforcement>
                      <domain name="new.example"/>
                      <domain name="stays.example"/>
                      <domain name="weaker.example"><certificateValidation>relaxed</certificateValidation></domain>
                      <domain name="stronger.example"/>
                      <domain name="routed.example">
                        <mailDelivery>staticRoute</mailDelivery>
                        <staticRoute>192.0.2.1</staticRoute>
                      </domain>
                      <domain name="mixed.example">
                        <trustedCommonNames><commonName>evil.example</commonName></trustedCommonNames>
                      </domain>
                      <otherDomains><tls>none</tls></otherDomains>
                    </tlsEnforcement>
                    """);
            testee.refresh();

            assertThat(logged())
                    .containsExactly(
                            "INFO Policy file FILE taken up: added new.example; removed gone.example; strengthened"
                                    + " stronger.example; weakened weaker.example; altered mixed.example, routed.example;"
                                    + " other domains from opportunistic to none",
                            "WARN Policy file FILE asks for less than before: removed gone.example; weakened"
                                    + " weaker.example; altered (weaker in part) mixed.example; other domains from"
                                    + " opportunistic to none");
        }
    }

    @Test
    void refreshShouldSayThatNoPolicyChangesWhenOnlyCommentsDo() throws Exception {
        try (LivePolicy testee = open()) {
            Files.writeString(file, listing("a.example") + "<!-- checked -->");
            testee.refresh();

            assertThat(logged()).containsExactly("INFO Policy file FILE taken up: no policy changes");
        }
    }

    @Test
    void refreshShouldNameTwentyDomainsAndCountTheOthers() throws Exception {
        try (LivePolicy testee = open()) {
            write(IntStream.range(0, 123).mapToObj(i -> "d" + i + ".example").toArray(String[]::new));
            testee.refresh();

            assertThat(logged().get(0))
                    .contains("added d0.example, d1.example, ")
                    .contains(" and 103 more; removed a.example");
        }
    }
}
