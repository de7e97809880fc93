package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamestls.smtp.Sessions.AUTHORITY;
import static org.jamestls.smtp.Sessions.HOST;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.envelope;
import static org.jamestls.smtp.Sessions.message;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.smtp.OutOfStepHost.Place;
import org.jamestls.smtp.OutOfStepHost.Way;
import org.jamestls.testing.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SMTP numbers neither commands nor replies, so one reply too many or too few would shift all that follow. Whatever the
 * host does, a mail that it refused is never taken for delivered, and one that it took is sent again only when nothing
 * could tell (RFC 1047).
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutOfStepTest {

    private static final int MAILS = 4;
    private static final int ATTEMPTS = 2;
    private static final int MOST_FRESH = 2;
    private static final int AT_ONCE = 24;
    private static final Duration SHORT = Duration.ofMillis(250);

    /**
     * One host and how it is talked to.
     *
     * @param fromMail at which mail it begins to be out of step
     * @param kept whether connections stay open from mail to mail
     * @param takes whether it takes messages
     */
    record Scenario(
            Place place, Way way, boolean pipelining, boolean chunking, int fromMail, boolean kept, boolean takes) {

        private List<String> offers() {
            List<String> offers = new ArrayList<>();
            if (pipelining) {
                offers.add("PIPELINING");
            }
            if (chunking) {
                offers.add("CHUNKING");
            }
            return offers;
        }

        private boolean overTls() {
            return place == Place.STARTTLS || place == Place.EHLO_OVER_TLS;
        }

        /**
         * Whether nothing can tell that the host took a mail: the reply does not come, or came before the mail, or
         * another stands in its place that is no reply to a mail.
         */
        private boolean unreadable() {
            return place == Place.CONTENT && (way == Way.NEVER || way == Way.EARLY)
                    || place == Place.DATA && way == Way.AGAIN_LATER;
        }

        /** Whether the host says that it has taken a mail before it decides about it: the first reply counts. */
        private boolean forestallsItself() {
            return place == Place.DATA && way == Way.A_POSITIVE_ONE_LATER;
        }
    }

    /** What the client made of a mail. */
    private enum Verdict {
        DELIVERED,
        REFUSED,
        TO_BE_TRIED_AGAIN
    }

    /**
     * What came of all mails.
     *
     * @param verdicts the client's, by the mail's number
     * @param doubts how often it said that the host may have taken the mail
     * @param taken how often the host took it
     */
    private record Result(Map<Integer, Verdict> verdicts, Map<Integer, Integer> doubts, Map<Integer, Integer> taken) {}

    private final HeldCertificate certificate = AUTHORITY.issueFor(HOST);
    private final SmtpClient ample = client();
    private final SmtpClient impatient = client(SHORT);
    private final Map<Scenario, Future<Result>> results = new LinkedHashMap<>();
    private final ExecutorService scenes = Executors.newFixedThreadPool(AT_ONCE);

    @BeforeAll
    void play() {
        scenarios().forEach(scenario -> results.put(scenario, scenes.submit(() -> play(scenario))));
    }

    @AfterAll
    void close() {
        scenes.shutdownNow();
        ample.close();
        impatient.close();
    }

    static Stream<Scenario> scenarios() {
        List<Boolean> either = List.of(true, false);
        List<Scenario> all = new ArrayList<>();
        for (Place place : Place.values()) {
            for (Way way : Way.values()) {
                for (boolean pipelining : either) {
                    for (boolean chunking : either) {
                        for (boolean takes : either) {
                            all.add(new Scenario(place, way, pipelining, chunking, 1, false, takes));
                            all.add(new Scenario(place, way, pipelining, chunking, 1, true, takes));
                            if (place.compareTo(Place.MAIL) >= 0) {
                                all.add(new Scenario(place, way, pipelining, chunking, 3, true, takes));
                            }
                        }
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void nothingRefusedShouldBeDeliveredAndNothingDeliveredSentAgain(Scenario scenario)
            throws ExecutionException, InterruptedException {
        Result result = results.get(scenario).get();

        result.verdicts().forEach((mail, verdict) -> {
            int copies = result.taken().getOrDefault(mail, 0);
            assertThat(verdict == Verdict.DELIVERED && copies == 0 && !scenario.forestallsItself())
                    .as("mail %d is lost: %s", mail, result)
                    .isFalse();
            assertThat(scenario.takes() && scenario.place() != Place.RSET && verdict == Verdict.REFUSED)
                    .as("mail %d is given up although it was not refused: %s", mail, result)
                    .isFalse();
            assertThat(copies)
                    .as("mail %d is sent again without doubt: %s", mail, result)
                    .isLessThanOrEqualTo(1 + result.doubts().getOrDefault(mail, 0));
        });
        if (!scenario.unreadable()) {
            int doubled = result.taken().values().stream()
                    .mapToInt(copies -> copies - 1)
                    .sum();
            assertThat(doubled)
                    .as("doubled, which may happen to one mail of a host: %s", result)
                    .isLessThanOrEqualTo(1);
        }
    }

    private Result play(Scenario scenario) throws IOException {
        boolean awaitsInVain = scenario.way() == Way.NEVER || scenario.way() == Way.EARLY;
        try (OutOfStepHost host = new OutOfStepHost(
                        scenario.place(),
                        scenario.way(),
                        scenario.offers(),
                        scenario.fromMail(),
                        scenario.takes(),
                        scenario.overTls() ? Optional.of(certificate) : Optional.empty());
                SmtpConnections connections = connections(awaitsInVain ? impatient : ample, scenario.kept())) {
            TlsRequirement requirement = scenario.overTls() ? TlsRequirement.ENCRYPTED : TlsRequirement.CLEARTEXT;
            return deliver(host, connections, new ConnectionKey(host.address(), requirement, Optional.empty()), MAILS);
        }
    }

    private static SmtpConnections connections(SmtpClient client, boolean kept) {
        ConnectionLimits limits =
                new ConnectionLimits(20, 200, kept ? 100 : 1, Sessions.AMPLE, ConnectionLimits.DEFAULT.age());
        return new SmtpConnections(client, limits, Sessions.AMPLE, Clock.systemUTC());
    }

    private static Result deliver(OutOfStepHost host, SmtpConnections connections, ConnectionKey key, int mails) {
        Map<Integer, Verdict> verdicts = new LinkedHashMap<>();
        Map<Integer, Integer> doubts = new LinkedHashMap<>();
        for (int mail = 1; mail <= mails; mail++) {
            Verdict verdict = Verdict.TO_BE_TRIED_AGAIN;
            for (int attempt = 0; attempt < ATTEMPTS && verdict == Verdict.TO_BE_TRIED_AGAIN; attempt++) {
                verdict = attempt(connections, key, mail, doubts);
            }
            verdicts.put(mail, verdict);
        }
        return new Result(verdicts, doubts, host.taken());
    }

    /** As a delivery's attempt does it: what says nothing about the mail is repeated over a fresh connection. */
    private static Verdict attempt(
            SmtpConnections connections, ConnectionKey key, int mail, Map<Integer, Integer> doubts) {
        for (int fresh = 0; fresh <= MOST_FRESH; fresh++) {
            try (LeasedConnection leased = fresh == 0 ? connections.lease(key) : connections.leaseFresh(key)) {
                TransactionOutcome outcome = leased.connection()
                        .send(
                                envelope("bob@bank.example", "carol@bank.example"),
                                message("Subject: " + mail + "\r\n\r\nHello\r\n"),
                                SendTo.ACCEPTED_RECIPIENTS);
                if (outcome instanceof TransactionOutcome.Failed failed
                        && failed.failure().outcomeUnknown()) {
                    doubts.merge(mail, 1, Integer::sum);
                }
                if (!leased.connection().mayRepeat(outcome)) {
                    return verdict(outcome);
                }
            } catch (SmtpException e) {
                return Verdict.TO_BE_TRIED_AGAIN;
            }
        }
        return Verdict.TO_BE_TRIED_AGAIN;
    }

    private static Verdict verdict(TransactionOutcome outcome) {
        if (!outcome.delivered().isEmpty()) {
            return Verdict.DELIVERED;
        }
        boolean permanent = outcome instanceof TransactionOutcome.Failed failed
                ? failed.failure().permanent()
                : outcome.refused().values().stream().allMatch(SmtpFailure::permanent);
        return permanent ? Verdict.REFUSED : Verdict.TO_BE_TRIED_AGAIN;
    }

    @ParameterizedTest(name = "PIPELINING {0}")
    @ValueSource(booleans = {true, false})
    void hundredMailsShouldArriveAtHostThatAnswersEachTwice(boolean pipelining) throws Exception {
        Scenario scenario = new Scenario(Place.CONTENT, Way.AGAIN_LATER, pipelining, true, 1, true, true);
        try (OutOfStepHost host = new OutOfStepHost(
                        scenario.place(), scenario.way(), scenario.offers(), 1, true, Optional.empty());
                SmtpConnections connections = connections(ample, true)) {
            Result result = deliver(
                    host,
                    connections,
                    new ConnectionKey(host.address(), TlsRequirement.CLEARTEXT, Optional.empty()),
                    100);

            assertThat(result.verdicts().values()).containsOnly(Verdict.DELIVERED);
            assertThat(result.taken().keySet()).hasSize(100);
            assertThat(result.taken().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isLessThanOrEqualTo(101);
        }
    }

    @Test
    void shortMailsShouldArriveOnceBeforeAndAfterTheHostHasProvedItself() throws Exception {
        try (OutOfStepHost host = new OutOfStepHost(
                        Place.STARTTLS, Way.TWICE, List.of("PIPELINING", "CHUNKING"), 1, true, Optional.empty());
                SmtpConnections connections = connections(ample, true)) {
            Result result = deliver(
                    host,
                    connections,
                    new ConnectionKey(host.address(), TlsRequirement.CLEARTEXT, Optional.empty()),
                    9);

            assertThat(result.taken())
                    .isEqualTo(IntStream.rangeClosed(1, 9)
                            .boxed()
                            .collect(LinkedHashMap::new, (map, mail) -> map.put(mail, 1), Map::putAll));
            assertThat(result.doubts()).isEmpty();
            assertThat(result.verdicts().values()).containsOnly(Verdict.DELIVERED);
        }
    }
}
