package org.jamestls.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandshakeDeadlinesTest {

    private final CountDownLatch closed = new CountDownLatch(1);

    @Test
    void connectionShouldStayOpenWhenTheDeadlineIsMet() throws Exception {
        HandshakeDeadlines.Deadline testee = new HandshakeDeadlines().start(closed::countDown, Duration.ofMillis(50));

        assertThat(testee.met()).isTrue();
        assertThat(closed.await(150, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(testee.met()).isTrue();
    }

    @Test
    void connectionShouldBeClosedWhenTheDeadlinePasses() throws Exception {
        HandshakeDeadlines.Deadline testee = new HandshakeDeadlines().start(closed::countDown, Duration.ofMillis(1));

        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(testee.met()).isFalse();
    }

    @Test
    void deadlineShouldBeMissedEvenWhenTheConnectionCannotBeClosed() throws Exception {
        HandshakeDeadlines.Deadline testee = new HandshakeDeadlines()
                .start(
                        () -> {
                            closed.countDown();
                            throw new IOException("broken");
                        },
                        Duration.ofMillis(1));

        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(testee.met()).isFalse();
    }
}
