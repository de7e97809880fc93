package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.junit.jupiter.api.Test;

class DeferralTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private final Mail mail;

    DeferralTest() throws Exception {
        mail = FakeMail.defaultFakeMail();
    }

    @Test
    void waitShouldDoubleUpToItsBound() {
        assertThat(Deferral.mark(mail, NOW)).isEqualTo(Deferral.FIRST);
        assertThat(Deferral.mark(mail, NOW)).isEqualTo(Deferral.FIRST.multipliedBy(2));
        for (int i = 0; i < 100; i++) {
            assertThat(Deferral.mark(mail, NOW)).isLessThanOrEqualTo(Deferral.LONGEST);
        }
        assertThat(Deferral.mark(mail, NOW)).isEqualTo(Deferral.LONGEST);
    }

    @Test
    void mailThatIsHandedOutBeforeItsTimeShouldTellThatDelaysAreIgnored() {
        assertThat(Deferral.cameEarly(mail, NOW)).as("never deferred").isFalse();

        Duration delay = Deferral.mark(mail, NOW);

        assertThat(Deferral.cameEarly(mail, NOW.plusMillis(1))).isTrue();
        assertThat(Deferral.cameEarly(mail, NOW.plus(delay))).isFalse();
    }
}
