package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.TlsRequirement;
import org.junit.jupiter.api.Test;

class LearnedLimitsTest {

    private static final ConnectionKey KEY = key("192.0.2.1");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final LearnedLimits testee = new LearnedLimits(() -> now);

    private static ConnectionKey key(String address) {
        return new ConnectionKey(
                MailHostAddress.of(IpAddress.parse(address), 25), TlsRequirement.ENCRYPTED, Optional.empty());
    }

    @Test
    void hostShouldTakeAnyNumberUntilItRefuses() {
        assertThat(testee.allowsBeside(KEY, 1000)).isTrue();
    }

    @Test
    void hostThatRefusedShouldTakeNoMoreThanWereOpen() {
        testee.refusedBeside(KEY, 3);

        assertThat(testee.allowsBeside(KEY, 2)).isTrue();
        assertThat(testee.allowsBeside(KEY, 3)).isFalse();
        assertThat(testee.allowsBeside(key("192.0.2.2"), 3)).isTrue();
    }

    @Test
    void hostShouldBeAskedAgainAfterAWhile() {
        testee.refusedBeside(KEY, 3);

        now = now.plus(LearnedLimits.VALID);

        assertThat(testee.allowsBeside(KEY, 3)).isTrue();
    }
}
