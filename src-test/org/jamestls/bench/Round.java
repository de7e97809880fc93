package org.jamestls.bench;

import java.util.OptionalDouble;

/**
 * What one delivery of a load took.
 *
 * @param seconds from the first mail handed over until the sink had the last
 * @param cpuMillis the sender's processor time, where it is known
 * @param sinkCpuMillis the sink's processor time
 */
record Round(int mails, double seconds, OptionalDouble cpuMillis, double sinkCpuMillis, long connections) {

    double mailsPerSecond() {
        return mails / seconds;
    }

    OptionalDouble cpuMillisPerMail() {
        return cpuMillis.isPresent() ? OptionalDouble.of(cpuMillis.getAsDouble() / mails) : OptionalDouble.empty();
    }

    double sinkCpuMillisPerMail() {
        return sinkCpuMillis / mails;
    }
}
