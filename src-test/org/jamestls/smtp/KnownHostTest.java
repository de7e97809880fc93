package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.jamestls.policy.IpAddress;
import org.jamestls.smtp.KnownHost.Chunking;
import org.junit.jupiter.api.Test;

class KnownHostTest {

    private final KnownHost testee = new KnownHost();

    @Test
    void hostShouldBeTriedWithOneMailAtATime() {
        assertThat(testee.beginChunk()).isEqualTo(Chunking.ON_TRIAL);
        assertThat(testee.beginChunk()).isEqualTo(Chunking.NONE);

        testee.trialEnds();

        assertThat(testee.beginChunk()).isEqualTo(Chunking.ON_TRIAL);
    }

    @Test
    void hostThatKnowsChunkingShouldBeProvenForAll() {
        assertThat(testee.beginChunk()).isEqualTo(Chunking.ON_TRIAL);
        testee.knowsChunking();
        testee.trialEnds();

        assertThat(testee.beginChunk()).isEqualTo(Chunking.PROVEN);
        assertThat(testee.beginChunk()).isEqualTo(Chunking.PROVEN);
    }

    @Test
    void hostToAvoidShouldNotBeProvenByWhatWasUnderWay() {
        testee.avoidChunking();
        testee.knowsChunking();
        testee.trialEnds();

        assertThat(testee.beginChunk()).isEqualTo(Chunking.NONE);
    }

    @Test
    void hostsShouldBeForgottenWhenMoreAreMet() {
        KnownHosts hosts = new KnownHosts(2);
        KnownHost first = hosts.get(address("192.0.2.1"));
        KnownHost second = hosts.get(address("192.0.2.2"));
        assertThat(hosts.get(address("192.0.2.1"))).isSameAs(first);

        hosts.get(address("192.0.2.3"));

        assertThat(hosts.get(address("192.0.2.1"))).isSameAs(first);
        assertThat(hosts.get(address("192.0.2.2"))).isNotSameAs(second);
    }

    private static MailHostAddress address(String ip) {
        return MailHostAddress.of(IpAddress.parse(ip), 25);
    }
}
