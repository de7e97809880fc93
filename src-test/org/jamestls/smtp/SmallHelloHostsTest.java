package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jamestls.policy.Host;
import org.jamestls.policy.IpAddress;
import org.junit.jupiter.api.Test;

class SmallHelloHostsTest {

    private Instant now = Instant.EPOCH;
    private final SmallHelloHosts testee = new SmallHelloHosts(() -> now);

    private static MailHostAddress host(int port) {
        return new MailHostAddress(Host.parse("mx.bank.example"), IpAddress.parse("192.0.2.1"), port);
    }

    @Test
    void hostShouldBeBelievedForAnHour() {
        testee.add(host(25));

        now = now.plus(SmallHelloHosts.VALID).minusMillis(1);
        assertThat(testee.contains(host(25))).isTrue();
        assertThat(testee.contains(host(26))).isFalse();
        now = now.plusMillis(1);
        assertThat(testee.contains(host(25))).isFalse();
    }

    @Test
    void longestKnownHostShouldBeForgottenWhenThereAreTooMany() {
        for (int port = 1; port <= 1001; port++) {
            testee.add(host(port));
        }

        assertThat(testee.contains(host(1))).isFalse();
        assertThat(testee.contains(host(2))).isTrue();
    }
}
