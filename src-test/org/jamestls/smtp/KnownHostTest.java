package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;

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
}
