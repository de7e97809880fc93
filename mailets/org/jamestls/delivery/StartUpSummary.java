package org.jamestls.delivery;

import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policyfile.LivePolicy;

/** What a delivery works with, in one line of the log. */
final class StartUpSummary {

    private StartUpSummary() {}

    static LogFields of(DeliveryConfiguration configuration, LivePolicy policy, TrustedRoots roots) {
        return new LogFields()
                .word("queue", configuration.outgoing())
                .word("port", configuration.smtpPort())
                .word("policy", policy.file())
                .word("domains", policy.current().policies().size())
                .word("roots", roots.size())
                .word("tlsProvider", configuration.tlsProvider().label())
                .text("tls", String.join(", ", configuration.tlsProvider().protocols()))
                .text("suites", String.join(", ", configuration.tlsProvider().cipherSuites()))
                .text("groups", String.join(", ", configuration.tlsProvider().groups(configuration.keyExchange())));
    }
}
