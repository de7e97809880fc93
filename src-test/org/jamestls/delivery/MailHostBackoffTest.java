package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jamestls.policy.IpAddress;
import org.jamestls.smtp.MailHostAddress;
import org.junit.jupiter.api.Test;

class MailHostBackoffTest {

    private static final MailHostAddress HOST = MailHostAddress.of(IpAddress.parse("192.0.2.1"), 25);
    private static final MailHostAddress OTHER = MailHostAddress.of(IpAddress.parse("192.0.2.2"), 25);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private MailHostBackoff testee = new MailHostBackoff(Duration.ofHours(6), () -> now);

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** Fails at each end of a pause, and tells the lengths of the pauses. */
    private List<Duration> pausesOfFailures(int failures) {
        List<Duration> lengths = new ArrayList<>();
        for (int i = 0; i < failures; i++) {
            testee.failed(HOST, "refused");
            Duration length = testee.pauseOf(HOST).orElseThrow().length();
            lengths.add(length);
            pass(length);
            assertThat(testee.pauseOf(HOST)).isEmpty();
        }
        return lengths;
    }

    @Test
    void hostShouldBeTriedWhenNothingIsKnown() {
        assertThat(testee.pauseOf(HOST)).isEmpty();
    }

    @Test
    void pauseShouldDoubleUpToTheLongest() {
        assertThat(pausesOfFailures(6)).extracting(Duration::toSeconds).containsExactly(5L, 10L, 20L, 40L, 60L, 60L);
    }

    @Test
    void pauseShouldConcernTheHostAlone() {
        testee.failed(HOST, "refused");

        assertThat(testee.pauseOf(OTHER)).isEmpty();
        assertThat(testee.pauseOf(HOST).orElseThrow().reason()).isEqualTo("refused");
    }

    @Test
    void failuresAtTheSameTimeShouldCountOnce() {
        testee.failed(HOST, "refused");
        testee.failed(HOST, "refused");

        assertThat(testee.pauseOf(HOST).orElseThrow().length()).isEqualTo(MailHostBackoff.FIRST_PAUSE);
    }

    @Test
    void successShouldEndThePause() {
        pausesOfFailures(3);
        testee.succeeded(HOST);

        assertThat(pausesOfFailures(1)).containsExactly(MailHostBackoff.FIRST_PAUSE);
    }

    @Test
    void pauseShouldEndLongBeforeTheNextRetry() {
        testee = new MailHostBackoff(Duration.ofSeconds(4), () -> now);

        assertThat(pausesOfFailures(3)).containsOnly(Duration.ofSeconds(2));
    }

    @Test
    void oldFailureShouldBeForgotten() {
        pausesOfFailures(3);
        pass(MailHostBackoff.LONGEST_PAUSE.multipliedBy(3));
        testee.failed(OTHER, "refused");
        testee.failed(HOST, "refused");

        assertThat(testee.pauseOf(HOST).orElseThrow().length()).isEqualTo(MailHostBackoff.FIRST_PAUSE);
    }
}
