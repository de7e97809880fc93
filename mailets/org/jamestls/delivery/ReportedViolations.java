package org.jamestls.delivery;

import org.apache.james.metrics.api.MetricFactory;
import org.jamestls.policy.PolicyViolation;

/**
 * Counts connections that would have been refused if the policy were enforced: all of them under {@value #METRIC}, and
 * under that name with a colon and the violation's, such as {@code certificate-expired}. Safe for use by several threads.
 */
final class ReportedViolations {

    static final String METRIC = "tlsEnforcementWouldHaveBeenRefused";

    private final MetricFactory metrics;

    ReportedViolations(MetricFactory metrics) {
        this.metrics = metrics;
    }

    void count(PolicyViolation violation) {
        metrics.generate(METRIC).increment();
        metrics.generate(METRIC + ":" + violation.violation().label()).increment();
    }
}
