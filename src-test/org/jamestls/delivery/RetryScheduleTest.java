package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamestls.policy.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {

    static Stream<Arguments> schedules() {
        Duration hour = Duration.ofHours(1);
        return Stream.of(
                Arguments.of(null, null, List.of(h(6), h(6), h(6), h(6), h(6)), "the defaults of RemoteDelivery"),
                Arguments.of("1 hour", null, List.of(hour, hour, hour, hour, hour), "the last delay is repeated"),
                Arguments.of("5 min, 2*1 hour", 3, List.of(m(5), hour, hour), "a list with a repetition"),
                Arguments.of("3*10 minutes", 1, List.of(m(10), m(10), m(10)), "more delays than retries count"),
                Arguments.of("500", 1, List.of(Duration.ofMillis(500)), "a bare number is milliseconds"),
                Arguments.of("1 day", 1, List.of(Duration.ofDays(1)), "days"),
                Arguments.of("0", 2, List.of(Duration.ZERO, Duration.ZERO), "no wait at all"),
                Arguments.of("1s,,2s,", 2, List.of(s(1), s(2)), "empty entries are ignored"),
                Arguments.of("1*1S,2*2S,2*5S", 3, List.of(s(1), s(2), s(2), s(5), s(5)), "units in any case"),
                Arguments.of("1 * 1 S, 2 * 2 S", 3, List.of(s(1), s(2), s(2)), "blanks anywhere"),
                Arguments.of("1 msec, 1 sec, 1 minute", 3, List.of(Duration.ofMillis(1), s(1), m(1)), "James's units"),
                Arguments.of("1ms,1second,1h", 3, List.of(Duration.ofMillis(1), s(1), hour), "their other spellings"),
                Arguments.of("1 week", 1, List.of(Duration.ofDays(7)), "weeks"),
                Arguments.of("0*1 hour", 2, List.of(hour, hour), "no attempts of its own, but the last delay"),
                Arguments.of("1 hour, 0*1 day", 1, List.of(hour), "no attempts"),
                Arguments.of("1 hour", 0, List.of(), "no retry, whatever the delays"),
                Arguments.of(null, 0, List.of(), "no retry"));
    }

    private static Duration h(int hours) {
        return Duration.ofHours(hours);
    }

    private static Duration s(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static Duration m(int minutes) {
        return Duration.ofMinutes(minutes);
    }

    @ParameterizedTest(name = "{3}: delayTime={0}, maxRetries={1}")
    @MethodSource("schedules")
    void ofShouldSpreadDelaysOverRetries(String delayTime, Integer maxRetries, List<Duration> delays, String why) {
        assertThat(RetrySchedule.of(Optional.ofNullable(delayTime), Optional.ofNullable(maxRetries))
                        .delays())
                .isEqualTo(delays);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"5 parsecs", "", ",", "x*1 hour", "-1*1 hour", "2*", "*5", "2*3*1 hour", "-1 hour", "1 hour;"})
    void ofShouldRefuseWhatIsNoDelay(String delayTime) {
        assertThatThrownBy(() -> RetrySchedule.of(Optional.of(delayTime), Optional.empty()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageMatching("'.*' is not a (delay; write delays such as .*|whole number from 0 to 10000)");
    }

    @Test
    void delayAfterShouldEndWithTheLastRetry() {
        RetrySchedule testee = RetrySchedule.of(Optional.of("1 sec, 2 sec"), Optional.of(2));

        assertThat(testee.delayAfter(0)).contains(Duration.ofSeconds(1));
        assertThat(testee.delayAfter(1)).contains(Duration.ofSeconds(2));
        assertThat(testee.delayAfter(2)).isEmpty();
    }
}
